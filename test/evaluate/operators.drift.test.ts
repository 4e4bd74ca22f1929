import { from, map, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { type Detector, mistakeOf } from '../../src/evaluate/detector.ts';
import { announceDrift, detectDrift } from '../../src/evaluate/operators.ts';
import type { Update } from '../../src/learn/learner.ts';
import type { StreamEvent } from '../../src/stream/event.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';
import { unlabelled, updateOf } from './updates.ts';

/** Raises the alarm when two large values have come. */
const second: Detector<{ large: number }> = {
  name: 'second',
  initial: () => ({ large: 0 }),
  update(memory, value) {
    if (value > 1) memory.large += 1;
    if (memory.large < 2) return 'stable';
    memory.large = 0;
    return 'alarm';
  },
};

const quiet = updateOf(1, [1, 0], [1, 0], 0.5);
const large = updateOf(2, [1, 0], [0, 1], 4);
const event: StreamEvent = {
  kind: 'drift',
  step: 2,
  message: 'second: the stream has changed by sample 2',
  detail: { detector: 'second', value: 4 },
};

const inTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(body);
};

const eventsOf = (updates: Update[], operator = detectDrift(second)): StreamEvent[] => {
  const events: StreamEvent[] = [];
  from(updates)
    .pipe(operator)
    .subscribe((each) => events.push(each));
  return events;
};

describe('detectDrift', () => {
  test.each([
    ['never', '-', '-'],
    ['empty', '|', '|'],
    ['one value', '-b|', '--|'],
    ['many values', '-aab-b|', '-----e|'],
    ['an error', '-b-b-#', '---e-#'],
    ['an endless source', '-bb-bb---', '--e--e---'],
  ])('%s', (_, input, output) => {
    inTime(({ hot, expectObservable }) => {
      const updates = hot(input, { a: quiet, b: large });
      expectObservable(updates.pipe(detectDrift(second))).toBe(output, { e: event });
    });
  });

  test('early unsubscribe', () => {
    inTime(({ hot, expectObservable, expectSubscriptions }) => {
      const updates = hot('-b-b-b-b-', { b: large });
      const events: Observable<StreamEvent> = updates.pipe(detectDrift(second));
      expectObservable(events, '----!').toBe('---e', { e: event });
      expectSubscriptions(updates.subscriptions).toBe('^---!');
    });
  });

  test('watches what `of` returns', () => {
    const wrong = updateOf(7, [1, 0], [0, 1], 0);
    const events = eventsOf([wrong, wrong], detectDrift(second, { of: (u) => 2 * mistakeOf(u) }));
    expect(events.map(({ step }) => step)).toEqual([7]);
  });

  test('leaves out what has no cost', () => {
    const broken = updateOf(3, [1, 0], [0, 1], Number.POSITIVE_INFINITY);
    expect(eventsOf([large, broken, unlabelled(3), large]).length).toBe(1);
    expect(mistakeOf(unlabelled(3))).toBeNaN();
  });

  test('resumes in the memory it is given', () => {
    const memory = second.initial();
    expect(eventsOf([large], detectDrift(second, { memory }))).toEqual([]);
    expect(eventsOf([large], detectDrift(second, { memory }))).toEqual([event]);
  });

  test('an error of the detector ends the stream of events', () => {
    const failing: Detector = {
      ...second,
      update() {
        throw new RangeError('broken');
      },
    };
    const seen: unknown[] = [];
    from([large])
      .pipe(detectDrift(failing))
      .subscribe({ error: (error) => seen.push(String(error)) });
    expect(seen).toEqual(['RangeError: broken']);
  });
});

const passing = {
  make: () => announceDrift<Update, { large: number }>(second, { drifted: { next() {} } }),
  values: [quiet, large, large],
  expected: [quiet, large, large],
} as const;
operatorCases('announceDrift', passing);
freshForEachSubscriber('announceDrift', passing);

test('announceDrift reports an alarm before it emits the update that raised it', () => {
  const seen: unknown[] = [];
  from([large, large])
    .pipe(
      announceDrift(second, { drifted: { next: (each) => seen.push(each) } }),
      map(({ step }) => step),
    )
    .subscribe((step) => seen.push(step));
  expect(seen).toEqual([2, event, 2]);
});
