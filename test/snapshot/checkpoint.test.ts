import fc from 'fast-check';
import { firstValueFrom, from, lastValueFrom, NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { scaler } from '../../src/encode/standardise.ts';
import { classificationMetrics } from '../../src/evaluate/standard-metrics.ts';
import type { Memory } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { Pipeline } from '../../src/pipeline.ts';
import {
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../src/snapshot/checkpoint.ts';
import { assembleMemory, dismantle } from '../../src/snapshot/memory-text.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/snapshot/safetensors.ts';

const roundTrip = (memory: Memory): Memory => assembleMemory(dismantle(memory));

const around = (memory: Memory): Checkpoint => ({
  model: { learner: 'pool', task: 'regression' },
  ...{ history: { epoch: 'E1', logs: { events: 4, errors: 0 } }, isFinal: false },
  ...{ step: 12, cost: { count: 12, sum: 1.25 }, memory },
  producers: new Map([['dev-7', 1_064]]),
  source: { name: 'rows.csv', taken: 40 },
});

const examples = Array.from({ length: 300 }, (_, i) => ({
  features: { a: i % 7, b: i % 3 === 0 ? Number.NaN : i, kind: `k${i % 4}`, __proto__: 1 },
  target: `c${i % 3}`,
  id: `${i}`,
}));

const learners = {
  pool: () => pool({ task: 'classification', inputCount: 3, outputCount: 2 }),
  network: () => new Network({ sizes: [3, 8, 2] }),
};

const pipelineOf = (name: keyof typeof learners): Pipeline =>
  new Pipeline({
    task: 'classification',
    learner: learners[name](),
    ...(name === 'network' && { scaling: scaler() as never }),
    metrics: classificationMetrics(),
  });

describe('a memory in two parts', () => {
  it('comes back with every number, key and typed array as it was', () => {
    const shared = Float32Array.of(1, Number.NaN);
    const memory = {
      numbers: [1, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1 + 0.2],
      arrays: {
        ...{ f32: shared, f64: new Float64Array([0.1, 2]).subarray(1), i32: Int32Array.of(-5) },
        ...{ u32: Uint32Array.of(4e9), u8: new Uint8Array(0) },
      },
      $: { $: 'tensor', name: 'not one' },
      'a/b': { c: Float64Array.of(1) },
      a: { 'b/c': Float64Array.of(2) },
      ...JSON.parse('{"__proto__": {"x": 1}}'),
      nothing: null,
    } as Memory;
    const { text, tensors } = dismantle(memory);
    expect(new Set(tensors.map(({ name }) => name)).size).toBe(tensors.length);
    const back = assembleMemory({ text, tensors });
    expect(back).toStrictEqual(memory);
    expect(Object.hasOwn(back, '__proto__')).toBe(true);
    expect(Object.is((back['numbers'] as number[])[1], -0)).toBe(true);
  });

  it('comes back whatever plain data it is', () => {
    const value = fc.letrec((tie) => ({
      memory: fc.oneof(
        { maxDepth: 4 },
        ...[fc.double(), fc.string(), fc.boolean(), fc.constant(null)],
        ...[fc.float64Array(), fc.float32Array(), fc.int32Array(), fc.uint8Array()],
        fc.array(tie('memory')),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('$')), tie('memory')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value.memory), (memory) => {
        const plain = structuredClone(memory) as Memory;
        expect(roundTrip(plain)).toEqual(plain);
      }),
    );
  });
});

describe.each(['pool', 'network'] as const)('the checkpoint of a pipeline with a %s', (name) => {
  it('leads to the same bits as one that never stopped', async () => {
    const [straight, before, after] = [name, name, name].map(pipelineOf);
    await lastValueFrom(straight!.run(from(examples)));
    await lastValueFrom(before!.run(from(examples.slice(0, 170))));
    const file = encodeCheckpoint(around(before!.save()));
    const checkpoint = decodeCheckpoint(file);
    expect(checkpoint).toEqual(around(before!.save()));
    after!.load(checkpoint.memory);
    // What was there is shown at once, before any new sample comes.
    const first = await firstValueFrom(after!.run(NEVER));
    expect(first).toMatchObject({ step: before!.step, cost: before!.cost });
    await lastValueFrom(after!.run(from(examples.slice(170))));
    expect(after!.save()).toEqual(straight!.save());
  });
});

describe('a checkpoint', () => {
  it.each([
    ['an array', { w: Float32Array.of(1, Number.NaN) }, 'w[1] is NaN'],
    ['a list', { a: { b: [0, Number.POSITIVE_INFINITY] } }, 'a/b/1 is Infinity'],
    ['a field', { a: { b: Number.NEGATIVE_INFINITY } }, 'a/b is -Infinity'],
  ])('is never made of %s with a number that is not finite', (_, memory, place) => {
    expect(() => encodeCheckpoint(around(memory))).toThrow(CheckpointError);
    expect(() => encodeCheckpoint(around(memory))).toThrow(`not finite: ${place}`);
  });

  it('is refused when it is read, too', () => {
    const file = Buffer.from(encodeCheckpoint(around({ w: Float64Array.of(1.5, 2.5) })));
    const at = file.indexOf(Buffer.from(Float64Array.of(2.5).buffer));
    file.writeDoubleLE(Number.NaN, at);
    expect(() => decodeCheckpoint(file)).toThrow('w[1] is NaN');
  });

  it.each([
    [{ step: Number.NaN }, 'step must be a whole number of at least 0, not NaN'],
    [{ step: -1 }, 'step must be'],
    [{ cost: { count: 1, sum: Number.POSITIVE_INFINITY } }, 'cost.sum must be a finite number'],
    [{ producers: new Map([['p', Number.NaN]]) }, 'producers must be'],
    [{ source: { name: 's', taken: 0.5 } }, 'source.taken must be'],
    [{ model: { rate: Number.NaN } }, 'model.rate must be a text or a finite number'],
    [{ history: { epoch: 'E' } }, 'history.logs must be an object, not absent'],
  ])('is never made with %j', (part, reason) => {
    const checkpoint = { ...around({}), ...part } as Checkpoint;
    expect(() => encodeCheckpoint(checkpoint)).toThrow(CheckpointError);
    expect(() => encodeCheckpoint(checkpoint)).toThrow(reason);
  });

  it('of another format is refused by the name of the format', () => {
    const other = encodeSafetensors([], { format: 'rivulet.checkpoint.1', about: '{}' });
    expect(() => decodeCheckpoint(other)).toThrow(
      'its format is rivulet.checkpoint.1; this version reads rivulet.checkpoint.2',
    );
  });
});

describe('a damaged file', () => {
  const file = encodeCheckpoint(around({ w: Float32Array.of(1, 2, 3), steps: [1, 2] }));

  it('is refused wherever it was cut off', () => {
    for (let length = 0; length < file.length; length += 1) {
      expect(() => decodeCheckpoint(file.slice(0, length)), `${length}`).toThrow(CheckpointError);
    }
  });

  it('never fails in another way, whatever byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = file.slice();
        changed[at]! ^= change;
        try {
          decodeCheckpoint(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is refused where it is a safetensors file of something else', () => {
    const other = encodeSafetensors([{ name: 'W', shape: [1], values: Float32Array.of(1) }]);
    expect(() => decodeCheckpoint(other)).toThrow('it is no checkpoint of ours');
  });
});

it('safetensors are read in whatever order their header names them', () => {
  const tensors = [
    { name: 'b', shape: [2], values: Float32Array.of(1, 2) },
    { name: 'a', shape: [1, 3], values: Uint8Array.of(7, 8, 9) },
    { name: '7', shape: [1], values: Float64Array.of(0.1) },
  ];
  const file = encodeSafetensors(tensors, { by: 'us' });
  expect(decodeSafetensors(file)).toEqual({ tensors, metadata: { by: 'us' } });
  // What a file is read into, which is no plain array of bytes.
  expect(decodeSafetensors(Buffer.from(file)).tensors).toEqual(tensors);
});
