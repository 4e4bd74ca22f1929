import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';

/** A model of records with one feature of each kind, and three classes. */
class RoadModel extends ToyModel {
  readonly asked: object[] = [];

  override predict(rows: Parameters<ToyModel['predict']>[0]) {
    this.asked.push(...rows);
    const y = rows.map(() => [0.25, Number.NaN, 0.5]);
    return { y, labels: rows.map(() => 'c'), step: 9 };
  }
}

let server: ModelServer;
const roads = new RoadModel();

beforeAll(async () => {
  const vectors = broadcaster({ name: 'vectors', description: () => ({ inputs: 2, outputs: 1 }) });
  const { classes, ...regression } = snapshotAt(50);
  vectors.publish(regression);
  expect(classes).toBeDefined();
  const records = broadcaster({
    name: 'the roads',
    description: () => ({
      features: [
        { name: 'lanes', kind: 'number' },
        { name: 'road', kind: 'category' },
        { name: 'at', kind: 'time' },
      ],
      inputs: 6,
      outputs: 3,
    }),
  });
  records.publish({ ...snapshotAt(9), classes: ['a', 'b', 'c'] });
  server = await serve(
    [
      { broadcaster: vectors, model: new ToyModel() },
      { broadcaster: records, model: roads },
      broadcaster({ name: 'shown' }),
    ],
    { port: 0, limits: { predictRows: 4 } },
  );
});

afterAll(() => server.close());

const ask = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(new URL(`/v2/models/${path}`, server.url), init);
  return { status: response.status, body: await response.json() };
};

const inferVectors = (inputs: unknown, more: object = {}) =>
  ask('vectors/infer', { inputs, ...more });
const inferRoads = (inputs: unknown, more: object = {}) =>
  ask('the%20roads/infer', { inputs, ...more });

const x = { name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] };
const lanes = { name: 'lanes', shape: [2], datatype: 'INT32', data: [2, null] };
const road = { name: 'road', shape: [2, 1], datatype: 'BYTES', data: [['A1'], ['A2']] };
const at = { name: 'at', shape: [2], datatype: 'BYTES', data: ['2026-01-01', null] };

describe('the Open Inference Protocol', () => {
  test('takes vectors, flat or nested, and repeats the id', async () => {
    const { status, body } = await inferVectors([x], { id: 'q', parameters: { other: 1 } });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'q',
      model_name: 'vectors',
      model_version: '1',
      parameters: { epoch: expect.any(String), step: 0 },
      outputs: [{ name: 'y', datatype: 'FP64', shape: [2, 1], data: [0, 0] }],
    });
    const nested = {
      ...x,
      data: [
        [1, 2],
        [3, null],
      ],
    };
    const answer = await ask('vectors/versions/1/infer', { inputs: [nested] });
    expect(answer.status).toBe(200);
    expect(answer.body).not.toHaveProperty('id');
  });

  test('takes records, one input per feature, and returns the requested outputs', async () => {
    roads.asked.length = 0;
    const { body } = await inferRoads([road, at, lanes]);
    expect(roads.asked).toEqual([
      { features: { road: 'A1', at: '2026-01-01', lanes: 2 } },
      { features: { road: 'A2', at: null, lanes: null } },
    ]);
    const y = {
      name: 'y',
      datatype: 'FP64',
      shape: [2, 3],
      data: [0.25, null, 0.5, 0.25, null, 0.5],
    };
    const label = { name: 'label', datatype: 'BYTES', shape: [2], data: ['c', 'c'] };
    expect(body.outputs).toEqual([y, label]);
    const inputs = [lanes, road, at];
    const names = [{ name: 'label' }, { name: 'y', parameters: {} }];
    expect((await inferRoads(inputs, { outputs: names })).body.outputs).toEqual([label, y]);
    const one = await inferRoads(inputs, { outputs: [{ name: 'label' }] });
    expect(one.body.outputs).toEqual([label]);
  });

  test('takes a part of the features where the request says that it is one', async () => {
    const { status, body } = await inferRoads([lanes]);
    expect([status, body.error]).toEqual([
      400,
      'missing inputs: road, at; send null for a missing value, or "parameters": {"partial": true}',
    ]);
    expect((await inferRoads([lanes], { parameters: { partial: true } })).status).toBe(200);
  });

  test.each<[string, unknown, string]>([
    ['no inputs', [], '/inputs: must not have fewer than 1 items'],
    ['inputs that are none', 'x', '/inputs: must be array'],
    ['another name', [{ ...x, name: 'X' }], 'unknown inputs: X; known are x'],
    ['an input that comes twice', [x, x], 'input x comes twice'],
    ['a vector beside it', [x, { ...x, name: 'z' }], 'unknown inputs: z; known are x'],
    ['one dimension', [{ ...x, shape: [4] }], 'input x: expected a shape of two dimensions'],
    ['another width', [{ ...x, shape: [1, 4] }], 'input x: expected 2 columns, got 4'],
    ['too little data', [{ ...x, data: [1] }], 'input x: shape [2, 2] does not fit the data'],
    ['data nested otherwise', [{ ...x, data: [[1, 2, 3], [4]] }], 'shape [2, 2] does not fit'],
    ['data nested in part', [{ ...x, data: [[1, 2], 3, 4] }], 'shape [2, 2] does not fit'],
    ['texts', [{ ...x, datatype: 'BYTES', data: ['1', '2', '3', '4'] }], 'expected numbers'],
    ['a text among numbers', [{ ...x, data: [1, 2, 3, 'b'] }], 'value 3 is no FP32: "b"'],
    ['another datatype', [{ ...x, datatype: 'FLOAT' }], 'unknown datatype FLOAT; known are BOOL'],
    ['a broken number', [{ ...x, datatype: 'INT8', data: [1, 2, 3, 4.5] }], 'no INT8: 4.5'],
    ['a number too large', [{ ...x, datatype: 'UINT8', data: [1, 2, 3, 256] }], 'no UINT8: 256'],
    ['objects', [{ ...x, data: [1, 2, 3, {}] }], 'value 3 is no FP32: an object'],
    ['no rows', [{ ...x, shape: [0, 2], data: [] }], 'input x: expected 1 to 4 rows, got 0'],
    ['rows without data', [{ ...x, shape: [4e9, 0], data: [] }], 'expected 1 to 4 rows'],
    ['too many rows', [{ ...x, shape: [5, 2] }], 'input x: expected 1 to 4 rows, got 5'],
    ['a shape of a broken number', [{ ...x, shape: [1.5, 2] }], '/inputs/0/shape/0: must be'],
  ])('refuses vectors with %s', async (_, inputs, error) => {
    const answer = await inferVectors(inputs);
    expect([answer.status, answer.body]).toEqual([400, { error: expect.stringContaining(error) }]);
  });

  test.each<[string, unknown[], string]>([
    [
      'misspelt names',
      [lanes, road, { ...at, name: 'At' }],
      'unknown inputs: At; known are lanes, road, at',
    ],
    ['a name that comes twice', [lanes, road, at, road], 'input road comes twice'],
    [
      'texts for numbers',
      [{ ...lanes, datatype: 'BYTES', data: ['2', '3'] }, road, at],
      'input lanes: expected a number, such as FP64, got BYTES',
    ],
    [
      'numbers for texts',
      [lanes, { ...road, datatype: 'FP64', data: [1, 2] }, at],
      'input road: expected BYTES, got FP64',
    ],
    ['numbers among texts', [lanes, { ...road, data: ['A1', 2] }, at], 'value 1 is no BYTES: 2'],
    [
      'columns of two lengths',
      [lanes, road, { ...at, shape: [1], data: [null] }],
      'input at has 1 rows, input lanes has 2',
    ],
    [
      'two columns in one',
      [{ ...lanes, shape: [1, 2] }, road, at],
      'input lanes: expected the shape [rows] or [rows, 1]',
    ],
  ])('refuses records with %s', async (_, inputs, error) => {
    const answer = await inferRoads(inputs);
    expect([answer.status, answer.body]).toEqual([400, { error: expect.stringContaining(error) }]);
  });

  test('refuses outputs that are unknown or come twice', async () => {
    const unknown = await inferVectors([x], { outputs: [{ name: 'label' }] });
    expect([unknown.status, unknown.body.error]).toEqual([
      400,
      'unknown outputs: label; known are y',
    ]);
    const twice = await inferVectors([x], { outputs: [{ name: 'y' }, { name: 'y' }] });
    expect([twice.status, twice.body.error]).toEqual([400, 'output y comes twice']);
  });

  test('answers 404 for a model or a version that is not there, 501 and 503 for one that cannot', async () => {
    for (const path of ['none', 'vectors/versions/9', 'vectors/versions/%31%30']) {
      for (const end of ['', '/ready']) expect((await ask(path + end)).status, path).toBe(404);
      expect((await ask(`${path}/infer`, { inputs: [x] })).status, path).toBe(404);
    }
    expect((await ask('vectors/versions/9')).body).toEqual({
      error: 'model vectors has no version 9; it has 1',
    });
    expect((await ask('shown/infer', { inputs: [x] })).status).toBe(501);
    expect((await ask('shown/ready')).status).toBe(503);
    expect((await ask('vectors/versions/1/ready')).body).toEqual({ name: 'vectors', ready: true });
  });

  test('describes what a model takes and gives', async () => {
    expect((await ask('vectors')).body).toMatchObject({
      name: 'vectors',
      versions: ['1'],
      inputs: [{ name: 'x', datatype: 'FP64', shape: [-1, 2] }],
      outputs: [{ name: 'y', datatype: 'FP64', shape: [-1, 1] }],
    });
    expect((await ask('the%20roads/versions/1')).body).toMatchObject({
      inputs: [
        { name: 'lanes', datatype: 'FP64', shape: [-1] },
        { name: 'road', datatype: 'BYTES', shape: [-1] },
        { name: 'at', datatype: 'BYTES', shape: [-1] },
      ],
      outputs: [{ shape: [-1, 3] }, { name: 'label', datatype: 'BYTES', shape: [-1] }],
    });
  });
});
