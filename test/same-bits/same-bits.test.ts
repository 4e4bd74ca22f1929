import { beforeAll, describe, expect, it } from 'vitest';
import { nextUp } from '../math/exact.ts';
import { hashOf } from './bit-hash.ts';
import { bundled, engines, type Hashes, inThisNode, isSkipped } from './engines.ts';

const timeout = 180_000;
let code: string;
let here: Hashes;

beforeAll(async () => {
  code = await bundled();
  here = await inThisNode(code);
}, timeout);

describe('what each part computes has the same bits', () => {
  for (const engine of engines) {
    it.skipIf(isSkipped(engine))(`in ${engine.name} as in this Node`, { timeout }, async () => {
      expect(await engine.run(engine.program ?? '', code)).toEqual(here);
    });
  }
});

it('every kind of part is among them', () => {
  const kinds = ['math', 'generator', 'digits', 'encoder', 'network', 'pool', 'hedge', 'mixing'];
  kinds.push('measure', 'detector', 'anomaly', 'comparison', 'checkpoints', 'q8');
  const names = Object.keys(here);
  expect(kinds.filter((kind) => !names.some((name) => name.startsWith(kind)))).toEqual([]);
  expect(names.length).toBeGreaterThan(100);
});

it.each([
  ['a last bit', 0.1, nextUp(0.1)],
  ['the sign of a zero', 0, -0],
  ['a number in an array', [1, 2], [1, 2 + Number.EPSILON * 2]],
  ['a float of a tensor', new Float32Array([1]), new Float32Array([nextUp(1) + 1e-7])],
  ['a name', { a: 1 }, { b: 1 }],
  ['a length', [[1], [2]], [[1, 2]]],
  ['a text', 'alarm', 'stable'],
])('the hash tells %s', (_what, one, other) => {
  expect(hashOf(one)).not.toBe(hashOf(other));
});
