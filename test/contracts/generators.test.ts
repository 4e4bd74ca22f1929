import { lastValueFrom, type Observable, take, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Example } from '../../src/sources/example.ts';
import type { GeneratedStream, GeneratorOptions } from '../../src/sources/generators/generate.ts';
import * as family from '../../src/sources/generators/index.ts';

type Make = (options?: GeneratorOptions) => GeneratedStream;

const collect = (examples: Observable<Example>): Promise<Example[]> =>
  lastValueFrom(examples.pipe(toArray()));

const targets = (examples: readonly Example[]): unknown[] => examples.map(({ target }) => target);

describe.each(Object.entries(family) as [string, Make][])('%s', (_, make) => {
  test('the same seed gives the same examples, another seed others', async () => {
    const first = await collect(make({ count: 20, seed: 5 }));
    expect(await collect(make({ count: 20, seed: 5 }))).toEqual(first);
    expect(await collect(make({ count: 20, seed: 6 }))).not.toEqual(first);
  });

  test('is endless without a count', async () => {
    expect(await collect(make().pipe(take(2000)))).toHaveLength(2000);
  });

  test('a restart resumes from the offset', async () => {
    const drifting = { count: 60, driftAt: [20, 40] };
    const all = await collect(make(drifting));
    expect(await collect(make({ ...drifting, after: 33 }))).toEqual(all.slice(33));
  });

  test('says when it drifts, and drifts just then', async () => {
    const steady = await collect(make({ count: 400 }));
    const stream = make({ count: 400, driftAt: [200] });
    const drifting = await collect(stream);
    expect(stream.drifts).toEqual([200]);
    expect(make().drifts).toEqual([]);
    expect(drifting.slice(0, 200)).toEqual(steady.slice(0, 200));
    expect(drifting.slice(200)).not.toEqual(steady.slice(200));
  });

  test('a drift may come little by little', async () => {
    const options = { count: 1000, driftAt: [200] };
    const [steady, sudden, slow] = await Promise.all([
      collect(make({ count: 1000 })),
      collect(make(options)),
      collect(make({ ...options, driftOver: 400 })),
    ]);
    const old = (from: number, to: number) =>
      slow.slice(from, to).filter((each, i) => !isSame(each, sudden[from + i]!)).length;
    expect(slow.slice(0, 200)).toEqual(steady.slice(0, 200));
    expect(old(200, 400)).toBeGreaterThan(old(400, 600));
    expect(slow.slice(600)).toEqual(sudden.slice(600));
  });

  test('every example has a target and features that differ', async () => {
    const examples = await collect(make({ count: 300 }));
    expect(new Set(targets(examples)).size).toBeGreaterThan(1);
    expect(examples.every(({ target }) => target !== undefined)).toBe(true);
    const [name] = Object.keys(examples[0]!.features);
    expect(new Set(examples.map(({ features }) => features[name!])).size).toBeGreaterThan(1);
  });

  test.each([
    { count: -1 },
    { driftAt: [5, 5] },
    { driftAt: [1.5] },
    { driftAt: [-1] },
    { driftOver: 0 },
    { seed: Number.NaN },
  ])('refuses %s when it is made', (options) => {
    expect(() => make(options)).toThrow(RangeError);
  });
});

const isSame = (a: Example, b: Example): boolean => JSON.stringify(a) === JSON.stringify(b);
