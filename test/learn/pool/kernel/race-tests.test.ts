import { describe, expect, it } from 'vitest';
import { gini, variance } from '../../../../src/learn/pool/experts/forest/impurity.ts';
import { testsInSlot } from '../../../../src/learn/pool/kernel/race-code.ts';
import { RaceTests } from '../../../../src/learn/pool/kernel/race-tests.ts';
import { initialRandom, randomIndex, randomNormal } from '../../../../src/math/random.ts';

const inputCount = 6;
const slot = 1;

/** Tests of all inputs in the second of two slots. */
const raceOf = (shape: { sumCount: number; sumsOf: 'classes' | 'numbers' }): RaceTests => {
  const random = initialRandom(2);
  const race = new RaceTests(shape);
  race.reserve(slot + 1);
  for (let i = 0; i < testsInSlot; i += 1) {
    race.set(slot * testsInSlot + i, i % inputCount, randomNormal(random));
  }
  return race;
};

interface Sample {
  readonly z: Float64Array;
  readonly first: number;
  readonly values: Float64Array;
}

const learn = (race: RaceTests, samples: readonly Sample[]): void => {
  for (const { z, first, values } of samples) {
    race.setPoint(z);
    race.add(slot, first, values);
  }
};

/** The sums of both sides of a test, the plain way. */
const sidesOf = (race: RaceTests, test: number, sumCount: number, samples: readonly Sample[]) => {
  const sides = new Float64Array(2 * sumCount);
  const threshold = race.threshold(test);
  for (const { z, first, values } of samples) {
    const at = Math.fround(z[race.input(test)]!) < threshold ? 0 : sumCount;
    for (const [k, value] of values.entries()) sides[at + first + k]! += value;
  }
  return sides;
};

const random = initialRandom(5);
const point = (): Float64Array =>
  Float64Array.from({ length: inputCount }, () => randomNormal(random));

const ofClasses = (count: number, classCount: number): Sample[] =>
  Array.from({ length: count }, () => ({
    z: point(),
    first: randomIndex(random, classCount),
    values: Float64Array.of(1),
  }));

const ofNumbers = (count: number): Sample[] =>
  Array.from({ length: count }, () => {
    const z = point();
    const y = z[0]! + randomNormal(random);
    return { z, first: 0, values: Float64Array.of(1, y, y * y) };
  });

const cases = [
  { name: 'classes', impurity: gini(3), samples: (count: number) => ofClasses(count, 3) },
  { name: 'numbers', impurity: variance, samples: ofNumbers },
];

describe.each(cases)('RaceTests of $name', ({ impurity, samples }) => {
  const { sumCount } = impurity;

  it('adds each sample to the side of each test on which it falls', () => {
    const race = raceOf(impurity);
    const seen = samples(50);
    learn(race, seen);
    for (let test = slot * testsInSlot; test < (slot + 1) * testsInSlot; test += 1) {
      const expected = sidesOf(race, test, sumCount, seen);
      for (const [k, sum] of race.sidesOf(test).entries()) expect(sum).toBeCloseTo(expected[k]!, 3);
    }
  });

  it('scores by how far the impurity falls', () => {
    const race = raceOf(impurity);
    const seen = samples(60);
    learn(race, seen);
    race.score(slot);
    const nothing = new Float32Array(sumCount);
    for (let i = 0; i < testsInSlot; i += 1) {
      const sides = race.sidesOf(slot * testsInSlot + i);
      const [left, right] = [sides.slice(0, sumCount), sides.slice(sumCount)].map((side) =>
        Float32Array.of(...side, ...nothing),
      ) as [Float32Array, Float32Array];
      const isSeen = Math.min(impurity.weight(left), impurity.weight(right)) >= 3;
      const gain = impurity.of(sides) - impurity.of(left) - impurity.of(right);
      expect(race.scores[i]).toBeCloseTo(isSeen ? gain : 0, 3);
    }
  });

  it('says nothing of a test that has seen few samples', () => {
    const race = raceOf(impurity);
    learn(race, samples(30));
    race.set(slot * testsInSlot + 7, 0, 0);
    learn(race, samples(9));
    race.score(slot);
    expect([...race.scores].filter((score) => score === Number.POSITIVE_INFINITY)).toHaveLength(1);
    expect(race.scores[7]).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps its sums when points get longer', () => {
    const race = raceOf(impurity);
    learn(race, samples(20));
    const before = race.sidesOf(slot * testsInSlot + 3);
    race.setPoint(new Float64Array(40));
    expect([...race.sidesOf(slot * testsInSlot + 3)]).toEqual([...before]);
  });
});
