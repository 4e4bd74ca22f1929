import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { finiteOrNull } from '../../broadcast/describe.ts';
import type { Predictions } from '../../broadcast/model.ts';
import type { Service } from '../../broadcast/service.ts';
import { HttpError, type Route, readJson, sendJson, serviceOf } from './route.ts';

const InputTensor = Type.Object({
  name: Type.String(),
  shape: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1, maxItems: 2 }),
  datatype: Type.String(),
  data: Type.Array(Type.Unknown()),
});
type InputTensor = Static<typeof InputTensor>;

const InferRequest = Type.Object({
  id: Type.Optional(Type.String()),
  inputs: Type.Array(InputTensor, { minItems: 1 }),
});
const validator = Compile(InferRequest);

type Question = { x: (number | null)[][] } | { features: Record<string, unknown>[] };

/** `POST /v2/models/NAME/infer`: the Open Inference Protocol. */
export const inferRoute: Route = {
  method: 'POST',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/[^/]+)?\/infer$/,
  role: 'predict',
  async handle(exchange) {
    const service = serviceOf(exchange, nameIn(exchange.groups));
    const body = await readJson(exchange.request, exchange.hub.limits.messageBytes);
    if (!validator.Check(body)) {
      const [error] = validator.Errors(body);
      throw new HttpError(400, `${error?.instancePath}: ${error?.message}`);
    }
    const predictions = await service.predict(questionOf(body.inputs));
    const id = body.id === undefined ? {} : { id: body.id };
    sendJson(exchange.response, { ...id, ...answerOf(service, predictions) });
  },
};

/** `GET /v2/models/NAME`: what the model takes and gives. */
export const metadataRoute: Route = {
  method: 'GET',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/[^/]+)?$/,
  role: 'read',
  handle(exchange) {
    const { name, broadcaster } = serviceOf(exchange, nameIn(exchange.groups));
    const { inputs = -1, outputs = -1, features, classes } = broadcaster.model;
    sendJson(exchange.response, {
      name,
      versions: ['1'],
      platform: 'rivulet',
      inputs: features
        ? features.map(({ name: feature, kind }) => ({
            name: feature,
            datatype: kind === 'number' ? 'FP64' : 'BYTES',
            shape: [-1],
          }))
        : [{ name: 'x', datatype: 'FP64', shape: [-1, inputs] }],
      outputs: [
        { name: 'y', datatype: 'FP64', shape: [-1, classes?.length ?? outputs] },
        ...(classes ? [{ name: 'label', datatype: 'BYTES', shape: [-1] }] : []),
      ],
    });
  },
};

/** `GET /v2/models/NAME/ready`: whether it answers. */
export const modelReadyRoute: Route = {
  method: 'GET',
  path: /^\/v2\/models\/(?<name>[^/]+)(\/versions\/[^/]+)?\/ready$/,
  role: 'read',
  handle(exchange) {
    const { name, model } = serviceOf(exchange, nameIn(exchange.groups));
    const ready = model.predict !== undefined;
    sendJson(exchange.response, { name, ready }, ready ? 200 : 503);
  },
};

const nameIn = ({ name }: Readonly<Record<string, string>>): string => {
  try {
    return decodeURIComponent(name!);
  } catch {
    throw new HttpError(400, 'the name of the model cannot be decoded');
  }
};

/** One matrix is vectors; anything else is columns of records, one a feature. */
const questionOf = (inputs: readonly InputTensor[]): Question => {
  const [first] = inputs;
  if (inputs.length === 1 && first!.shape.length === 2 && first!.datatype !== 'BYTES') {
    return { x: matrixOf(first!) };
  }
  const columns = inputs.map((input) => [input.name, columnOf(input)] as const);
  const rows = columns[0]![1].length;
  if (columns.some(([, values]) => values.length !== rows)) {
    throw new HttpError(400, 'all inputs must have as many rows');
  }
  const features = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
  return { features };
};

const matrixOf = (input: InputTensor): (number | null)[][] => {
  const [rows, columns] = input.shape as [number, number];
  const flat = flatten(input, rows * columns).map((value) => {
    if (value === null || typeof value === 'number') return value;
    throw new HttpError(400, `input ${input.name}: expected numbers`);
  });
  return Array.from({ length: rows }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
};

const columnOf = (input: InputTensor): unknown[] => {
  const [rows, columns = 1] = input.shape as [number, number?];
  if (columns !== 1) throw new HttpError(400, `input ${input.name}: expected one column`);
  return flatten(input, rows);
};

const flatten = ({ name, data }: InputTensor, count: number): unknown[] => {
  const flat = data.flat();
  if (flat.length === count) return flat;
  throw new HttpError(400, `input ${name}: its shape says ${count} values, it has ${flat.length}`);
};

const answerOf = (service: Service, { y, labels, step }: Predictions): object => {
  const rows = y.length;
  const prediction = {
    name: 'y',
    datatype: 'FP64',
    shape: [rows, y[0]?.length ?? 0],
    data: y.flatMap((row) => Array.from(row, finiteOrNull)),
  };
  const label = { name: 'label', datatype: 'BYTES', shape: [rows], data: labels };
  return {
    model_name: service.name,
    model_version: '1',
    parameters: { epoch: service.broadcaster.epoch.name, step },
    outputs: labels ? [prediction, label] : [prediction],
  };
};
