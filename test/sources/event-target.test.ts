import { expect, test } from 'vitest';
import { fromEventTarget } from '../../src/sources/event-target.ts';

test('emits what an event stands for; undefined leaves it out', () => {
  const target = new EventTarget();
  const seen: string[] = [];
  const subscription = fromEventTarget(target, 'move', (event: Event) =>
    event.cancelable ? undefined : event.type,
  ).subscribe((value) => seen.push(value));
  target.dispatchEvent(new Event('move'));
  target.dispatchEvent(new Event('move', { cancelable: true }));
  subscription.unsubscribe();
  target.dispatchEvent(new Event('move'));
  expect(seen).toEqual(['move']);
});

test('an error in reading an event ends the stream', () => {
  const target = new EventTarget();
  const errors: unknown[] = [];
  const broken = (): never => {
    throw new Error('unreadable');
  };
  fromEventTarget(target, 'move', broken).subscribe({ error: (error) => errors.push(error) });
  target.dispatchEvent(new Event('move'));
  expect(errors).toEqual([new Error('unreadable')]);
});
