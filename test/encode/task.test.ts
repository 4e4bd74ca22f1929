import { expect, test } from 'vitest';
import { inferTask, TASK_ROWS, type Task } from '../../src/encode/task.ts';

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test.each<[string, unknown[], Task]>([
  ['texts', ['a', 'b'], 'classification'],
  ['booleans', [true, false, true], 'classification'],
  ['few integers', range(50), 'classification'],
  ['many integers', range(51), 'regression'],
  ['fractions', [1.5, 2], 'regression'],
  ['nothing', [undefined, null, ''], 'regression'],
  ['fractions with a bad row', [1.5, 2, 2.5, 'broken'], 'regression'],
  ['few integers with a text', [0, 1, 1, 0, 'unknown'], 'classification'],
  ['mostly missing classes', [undefined, undefined, 'a'], 'classification'],
])('%s', (_name, targets, task) => {
  const examples = targets.map((target) => ({ features: {}, target }) as never);
  expect(inferTask(examples)).toBe(task);
});

test('it looks at the first thousand rows only', () => {
  function* endless() {
    for (let i = 0; ; i += 1) {
      if (i >= TASK_ROWS) throw new Error('one row too many');
      yield { features: {}, target: i % 3 };
    }
  }
  expect(inferTask(endless())).toBe('classification');
});
