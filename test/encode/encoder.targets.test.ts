import { describe, expect, test } from 'vitest';
import { classNames, type EncoderOptions, encoder } from '../../src/encode/encoder.ts';
import type { Example } from '../../src/sources/example.ts';
import { refusal } from './refusal.ts';

describe('targets', () => {
  const targetsOf = (options: EncoderOptions, targets: unknown[]) => {
    const part = encoder(options);
    const memory = part.initial();
    const samples = targets.map((target) =>
      part.update(memory, { features: {}, target } as Example),
    );
    return { part, memory, ys: samples.map(({ y }) => y) };
  };

  test('that are classes appear as they come', () => {
    const { memory, ys } = targetsOf({ task: 'classification' }, ['b', 'a', 'b', true, 7, '7']);
    expect(classNames(memory)).toEqual(['b', 'a', 'true', '7']);
    // The first one has two numbers, too: a single one would be a probability.
    expect(ys).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 0, 1],
      [0, 0, 0, 1],
      [0, 0, 0, 1],
    ]);
  });

  test('that are classes say how many of them had appeared before, also where none is given', () => {
    const part = encoder({ task: 'classification' });
    const memory = part.initial();
    const counts = ['b', 'a', undefined, 'b', 'c'].map(
      (target) => part.update(memory, { features: {}, ...(target && { target }) }).classCount,
    );
    expect(counts).toEqual([0, 1, 2, 2, 2]);
    expect(part.apply(memory, { features: {} }).classCount).toBe(3);
    const regression = encoder({ task: 'regression' });
    expect(regression.update(regression.initial(), { features: {}, target: 1 })).not.toHaveProperty(
      'classCount',
    );
  });

  test('have a vector of their own: who changes one changes no other', () => {
    const { part, memory, ys } = targetsOf({ task: 'classification' }, ['a', 'b', 'b', 'b']);
    (ys[3] as number[])[1] = 7;
    expect(ys[1]).toEqual([0, 1]);
    expect(part.update(memory, { features: {}, target: 'b' }).y).toEqual([0, 1]);
  });

  test('that are numbers are y itself', () => {
    expect(targetsOf({ task: 'regression' }, [1.5, 0]).ys).toEqual([[1.5], [0]]);
  });

  test.each([['regression'], ['classification']] as const)('may be missing (%s)', (task) => {
    expect(targetsOf({ task }, [undefined, null, '']).ys).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('are left out without a task', () => {
    expect(targetsOf({}, [1]).ys).toEqual([undefined]);
  });

  test.each([['x'], [true], [Number.NaN], [Number.POSITIVE_INFINITY], [{}]])(
    '%o is no number to regress on',
    (target) => {
      expect(refusal(() => targetsOf({ task: 'regression' }, [target])).code).toBe('label');
    },
  );

  test.each([[Number.NaN], [Object.create(null)], ['x'.repeat(257)]])(
    '%o is no class',
    (target) => {
      expect(refusal(() => targetsOf({ task: 'classification' }, [target])).code).toBe('label');
    },
  );

  test('of one class more than there may be are refused', () => {
    const options = { task: 'classification', classesMax: 2 } as const;
    expect(refusal(() => targetsOf(options, ['a', 'b', 'a', 'c'])).message).toBe(
      '"c" would be a new class, and there are 2 already: raise classesMax, or predict a number',
    );
  });
});

test('a thousand classes, one a row, cost no more than their vectors', () => {
  const part = encoder({ task: 'classification' });
  const memory = part.initial();
  for (let i = 0; i < 1_000; i += 1) part.update(memory, { features: {}, target: `class ${i}` });
  const { y } = part.update(memory, { features: {}, target: 'class 7' });
  expect(y).toHaveLength(1_000);
  expect(Array.from(y!).indexOf(1)).toBe(7);
});
