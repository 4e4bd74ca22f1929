import { describe, expect, it } from 'vitest';
import {
  confusionOf,
  largestIndex,
  mixUps,
} from '../../../../clients/dashboard/reduce/confusion.ts';

const answers = [
  { truth: 'a', said: 'a' },
  { truth: 'a', said: 'b' },
  { truth: 'b', said: 'b' },
  { truth: 'a', said: 'b' },
  { truth: 'b', said: 'a' },
];

describe('the confusion square', () => {
  it('counts each truth with what was said', () => {
    const confusion = confusionOf(answers, ['a', 'b']);
    expect(confusion.counts).toEqual([
      [1, 2],
      [1, 1],
    ]);
    expect(confusion).toMatchObject({ total: 5, right: 2, worst: 2 });
  });

  it('puts all classes in natural order, named ones and others', () => {
    const said = ['10', '9', '2'].map((name) => ({ truth: name, said: name }));
    expect(confusionOf(said, ['11', '0']).classes).toEqual(['0', '2', '9', '10', '11']);
  });

  it('names the pairs that are mixed up most', () => {
    expect(mixUps(confusionOf(answers), 1)).toEqual([{ truth: 'a', said: 'b', count: 2 }]);
  });

  it('is an empty square before the first answer', () => {
    expect(confusionOf([])).toMatchObject({ classes: [], total: 0, right: 0, worst: 1 });
  });
});

it('finds the largest of several numbers, the first of equals, none of nothing', () => {
  expect([[0.1, 0.7, 0.2], [3, 3], []].map(largestIndex)).toEqual([1, 0, -1]);
});
