import { describe, expect, it } from 'vitest';
import { ForestExpert } from '../../../../../src/learn/pool/experts/forest/forest.ts';
import { PoolInputs } from '../../../../../src/learn/pool/inputs.ts';
import { initialRandom, randomNormal } from '../../../../../src/math/random.ts';
import { digest } from '../../../digest.ts';

const sizes = { inputCount: 10, classCount: 2 };
const random = initialRandom(4);
const seen = (z: Float64Array): PoolInputs => Object.assign(new PoolInputs(sizes), { steady: z });
const point = (): Float64Array => Float64Array.from({ length: 10 }, () => randomNormal(random));

/** A box in two of ten inputs: what a tree can say in a few words. */
const label = (z: Float64Array): number => (z[3]! > 0 && Math.abs(z[7]!) < 1 ? 1 : 0);

const teach = (forest: ForestExpert, count: number, outputs: number): number => {
  const out = new Float64Array(outputs);
  let right = 0;
  for (let i = 0; i < count; i += 1) {
    const z = point();
    forest.learn(seen(z), { label: label(z), value: 0, weight: 1 }, out);
    if (out.indexOf(Math.max(...out)) === label(z)) right += 1;
  }
  return right / count;
};

describe('ForestExpert', () => {
  it('finds the two inputs of ten that matter', () => {
    const forest = new ForestExpert(sizes, 1);
    teach(forest, 3_000, 2);
    expect(teach(forest, 500, 2)).toBeGreaterThan(0.93);
  });

  it('knows what it knew when there are more classes and inputs', () => {
    const forest = new ForestExpert(sizes, 1);
    teach(forest, 3_000, 2);
    forest.grow({ inputCount: 12, classCount: 5 });
    const out = new Float64Array(5);
    const z = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 9);
    forest.predict(seen(z), out);
    expect(out[1]).toBeGreaterThan(0.8);
    forest.learn(seen(z), { label: 4, value: 0, weight: 1 }, out);
    const copy = new ForestExpert({ inputCount: 1, classCount: 1 }, 2);
    copy.load(forest.save());
    expect(digest(copy.save())).toBe(digest(forest.save()));
  });
});
