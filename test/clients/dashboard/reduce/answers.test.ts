import { describe, expect, it } from 'vitest';
import {
  guessOf,
  isClassification,
  tracesOf,
} from '../../../../clients/dashboard/reduce/answers.ts';

const item = { step: 7, x: [0, 1], y: 'b', prediction: [0.1, 0.7, null], cost: 0.2 };

describe('a prediction', () => {
  it('is of a class where labels are text or classes have names', () => {
    expect(isClassification([item], [])).toBe(true);
    expect(isClassification([{ ...item, y: 1 }], ['a'])).toBe(true);
    expect(isClassification([{ ...item, y: 1 }], [])).toBe(false);
  });

  it('says the class with the largest output', () => {
    const guess = { step: 7, said: 'b', truth: 'b', isRight: true, certainty: 0.7 };
    expect(guessOf(item, ['a', 'b', 'c'])).toMatchObject(guess);
    expect(guessOf({ ...item, y: 'a' }, ['a', 'b', 'c'])).toMatchObject({ isRight: false });
  });

  it('says nothing where it was made before any class was known', () => {
    const guess = guessOf({ ...item, prediction: [] }, ['a', 'b']);
    expect(guess).toMatchObject({ said: '—', isRight: false, certainty: 0 });
  });

  it('has no truth where the label has not come', () => {
    const { y: _, ...unlabelled } = item;
    expect(guessOf(unlabelled, ['a', 'b', 'c']).truth).toBeUndefined();
  });

  it('of a number is put beside the truth, where there is one', () => {
    const traces = tracesOf([
      { ...item, y: 3, prediction: [2.5] },
      { ...item, y: null, prediction: [9] },
    ]);
    expect([...traces.truth]).toEqual([3]);
    expect([...traces.prediction]).toEqual([2.5]);
  });
});
