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

test('an event may be of the kind that its name says', () => {
  const target = new EventTarget();
  const seen: number[] = [];
  fromEventTarget(target, 'reading', (event: CustomEvent<number>) => event.detail).subscribe(
    (value) => seen.push(value),
  );
  target.dispatchEvent(new CustomEvent('reading', { detail: 7 }));
  expect(seen).toEqual([7]);
  const toX = ({ clientX }: MouseEvent): number => clientX;
  fromEventTarget(target, 'mousemove', toX).subscribe();
  fromEventTarget(target, 'move', (event) => event.type).subscribe();
  // @ts-expect-error: an event target tells events.
  fromEventTarget(target, 'move', (event: number) => event).subscribe();
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
