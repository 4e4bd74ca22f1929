import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import type { Example } from '../../src/sources/example.ts';
import { rules } from '../../src/sources/generators/agrawal.ts';
import { agrawal, friedman, hyperplane, led, randomRbf, sea } from '../../src/sources/index.ts';

const collect = (examples: Observable<Example>): Promise<Example[]> =>
  lastValueFrom(examples.pipe(toArray()));

const numbersOf = ({ features }: Example): number[] => Object.values(features) as number[];

test('sea: without noise the target is the sum of two features against the limit', async () => {
  const limits = [8, 9, 7, 9.5, 8];
  const options = { count: 1000, noise: 0, driftAt: [200, 400, 600, 800] };
  for (const [i, example] of (await collect(sea(options))).entries()) {
    const [a, b] = numbersOf(example);
    expect(example.target).toBe(a! + b! <= limits[Math.floor(i / 200)]!);
  }
});

test('sea: noise inverts a share of the targets', async () => {
  const [clean, noisy] = await Promise.all([
    collect(sea({ count: 4000, noise: 0 })),
    collect(sea({ count: 4000, noise: 0.25 })),
  ]);
  const turned = clean.filter(({ target }, i) => target !== noisy[i]!.target).length;
  expect(turned / 4000).toBeCloseTo(0.25, 1);
});

test('friedman: without noise the target is the function of five features', async () => {
  const examples = await collect(friedman({ count: 200, noise: 0, driftAt: [100] }));
  for (const [i, example] of examples.entries()) {
    const x = numbersOf(example);
    const [a, b, c, d, e] = i < 100 ? x : [...x.slice(3), ...x.slice(0, 3)];
    const wanted = 10 * Math.sin(Math.PI * a! * b!) + 20 * (c! - 0.5) ** 2 + 10 * d! + 5 * e!;
    expect(example.target).toBeCloseTo(wanted, 12);
  }
});

test('led: without noise the segments tell the digit', async () => {
  const seen = new Map<string, unknown>();
  for (const example of await collect(led({ count: 300, noise: 0, irrelevant: 0 }))) {
    const shown = numbersOf(example).join('');
    expect(seen.get(shown) ?? example.target).toBe(example.target);
    seen.set(shown, example.target);
  }
  expect(seen.size).toBe(10);
  expect(seen.get('1111111')).toBe('8');
});

test('hyperplane: without noise about half of the targets are true', async () => {
  const examples = await collect(hyperplane({ count: 2000, noise: 0 }));
  const share = examples.filter(({ target }) => target === true).length / 2000;
  expect(share).toBeGreaterThan(0.4);
  expect(share).toBeLessThan(0.6);
});

test('hyperplane: with a speed the plane turns', async () => {
  const [still, turning] = await Promise.all([
    collect(hyperplane({ count: 500, noise: 0 })),
    collect(hyperplane({ count: 500, noise: 0, speed: 0.05, turning: 0 })),
  ]);
  expect(turning.map(({ target }) => target)).not.toEqual(still.map(({ target }) => target));
});

test('randomRbf: has the given features and classes, and with a speed the centres move', async () => {
  const options = { count: 300, features: 3, classes: 4, clusters: 20 };
  const still = await collect(randomRbf(options));
  expect(numbersOf(still[0]!)).toHaveLength(3);
  expect(new Set(still.map(({ target }) => target)).size).toBe(4);
  const moving = await collect(randomRbf({ ...options, speed: 0.01 }));
  expect(moving[299]!.features).not.toEqual(still[299]!.features);
  expect(numbersOf(moving[299]!).every(Number.isFinite)).toBe(true);
});

const applicant = {
  salary: 60_000,
  commission: 20_000,
  age: 30,
  education: 1,
  car: 3,
  zipcode: 2,
  houseValue: 500_000,
  houseYears: 25,
  loan: 150_000,
};

test('agrawal: the ten rules, by hand, for a young applicant', () => {
  // Income 53,333; the loan costs 30,000, the education 5,000; a house of 25 years adds 50,000.
  const wanted = [true, true, true, true, true, true, true, true, true, true];
  expect(rules.map((rule) => rule(applicant))).toEqual(wanted);
  const poor = { ...applicant, salary: 20_000, commission: 10_000, loan: 450_000, houseYears: 5 };
  expect(rules.map((rule) => rule({ ...poor, education: 4 }))).toEqual([
    true,
    ...Array(9).fill(false),
  ]);
});

test('agrawal: the ten rules, by hand, for an older one', () => {
  const older = { ...applicant, age: 50 };
  expect(rules.map((rule) => rule(older))).toEqual([
    false,
    false,
    true,
    true,
    false,
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('agrawal: each drift moves to the next rule', async () => {
  const examples = await collect(agrawal({ count: 400, rule: 10, driftAt: [200] }));
  for (const { features, target } of examples.slice(200)) {
    const age = features['age'] as number;
    expect(target).toBe(age < 40 || age >= 60 ? 'A' : 'B');
  }
  expect(examples[0]!.features['zipcode']).toMatch(/^zip \d$/);
});

test.each([
  () => sea({ noise: 2 }),
  () => friedman({ noise: -1 }),
  () => hyperplane({ features: 1 }),
  () => hyperplane({ moving: 11 }),
  () => led({ irrelevant: -1 }),
  () => randomRbf({ classes: 1 }),
  () => randomRbf({ speed: -1 }),
  () => agrawal({ rule: 11 }),
])('bad options are refused when a generator is made', (make) => {
  expect(make).toThrow(RangeError);
});
