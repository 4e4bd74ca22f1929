import { expect, test } from 'vitest';
import { scaler } from '../../src/encode/standardise.ts';
import { SampleError } from '../../src/stream/rejection.ts';

const xs = [3, -1, 4, 1, -5, 9, 2, 6];
const sampleOf = (...x: number[]) => ({ x, y: [0] });

const run = (options: Parameters<typeof scaler>[0], vectors: readonly number[][]) => {
  const part = scaler(options);
  const memory = part.initial();
  return { part, memory, zs: vectors.map((x) => part.update(memory, { x, y: [0] }).x) };
};

test('scales by the mean and the deviation from before the sample', () => {
  const { zs } = run(
    {},
    xs.map((x) => [x]),
  );
  for (let i = 2; i < xs.length; i += 1) {
    const past = xs.slice(0, i);
    const mean = past.reduce((sum, x) => sum + x) / i;
    const variance = past.reduce((sum, x) => sum + (x - mean) ** 2, 0) / i;
    expect(zs[i]?.[0]).toBeCloseTo(
      Math.max(-5, Math.min(5, (xs[i]! - mean) / Math.sqrt(variance))),
      12,
    );
  }
});

test('with a floor, what came last weighs that much', () => {
  const { memory } = run(
    { floor: 0.5 },
    xs.map((x) => [x]),
  );
  let [mean, variance] = [0, 0];
  for (const [i, x] of xs.entries()) {
    const rate = Math.max(1 / (i + 1), 0.5);
    variance = (1 - rate) * (variance + rate * (x - mean) ** 2);
    mean += rate * (x - mean);
  }
  expect(memory.means[0]).toBeCloseTo(mean, 12);
  expect(memory.variances[0]).toBeCloseTo(variance, 12);
});

test('clips far values', () => {
  expect(run({ clip: 2 }, [[0], [1], [100], [-1e9]]).zs.slice(2)).toEqual([[2], [-2]]);
});

test('what is missing or has been constant is the mean', () => {
  const { zs, memory } = run({}, [
    [7, 1],
    [7, Number.NaN],
    [7, 3],
    [8, Number.NaN],
  ]);
  expect(zs).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect([...memory.counts]).toEqual([4, 2]);
});

test('grows when x does', () => {
  const { zs, memory } = run({}, [[1], [3, 5], [5, 7, 1], [7, 9, 2]]);
  expect(zs.map((z) => z.length)).toEqual([1, 2, 3, 3]);
  expect([...memory.counts]).toEqual([4, 3, 2]);
});

test('survives numbers whose square is beyond all', () => {
  const { zs, memory } = run({}, [[1], [1e300], [-1e300], [2], [1e300]]);
  for (const z of zs) expect(Number.isFinite(z[0])).toBe(true);
  expect(Number.isFinite(memory.variances[0])).toBe(true);
});

test('a sample without y changes nothing, unless all are to count', () => {
  const [labelled, all] = [scaler(), scaler({ from: 'all' })];
  const memory = labelled.initial();
  labelled.update(memory, { x: [1] });
  expect(memory).toEqual(labelled.initial());
  all.update(memory, { x: [1] });
  expect([...memory.counts]).toEqual([1]);
});

test('asking changes nothing and answers as update does', () => {
  const { part, memory } = run(
    {},
    xs.map((x) => [x, 2 * x]),
  );
  const before = structuredClone(memory);
  const asked = part.apply(memory, sampleOf(5, 5, 5));
  expect(memory).toEqual(before);
  expect(part.update(memory, sampleOf(5, 5, 5))).toEqual(asked);
});

test('a copy of the memory resumes as the memory does', () => {
  const { part, memory } = run(
    { floor: 0.1 },
    xs.map((x) => [x]),
  );
  const copy = structuredClone(memory);
  expect(part.update(copy, sampleOf(1, 2))).toEqual(part.update(memory, sampleOf(1, 2)));
  expect(copy).toEqual(memory);
});

test('typed arrays are samples too, and stay as they are', () => {
  const part = scaler();
  const x = Float32Array.of(1, Number.NaN);
  expect(part.update(part.initial(), { x, y: [1], id: 'a' })).toEqual({
    x: [0, 0],
    y: [1],
    id: 'a',
  });
  expect([...x]).toEqual([1, Number.NaN]);
});

test.each([
  ['shape', [1]],
  ['value', [1, Number.POSITIVE_INFINITY, 3]],
])('a bad vector is refused (%s), and nothing has changed', (code, x) => {
  const { part, memory } = run({}, [[1, 2]]);
  const before = structuredClone(memory);
  expect(() => part.update(memory, { x, y: [0] })).toThrow(SampleError);
  expect(() => part.update(memory, { x, y: [0] })).toThrow(expect.objectContaining({ code }));
  expect(memory).toEqual(before);
});

test.each([[{ clip: 0 }], [{ floor: -0.1 }], [{ floor: 2 }], [{ clip: Number.NaN }]])(
  '%o is misuse',
  (options) => {
    expect(() => scaler(options)).toThrow(RangeError);
  },
);
