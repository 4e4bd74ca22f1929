import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { fromEmitter } from '../../src/sources/emitter.ts';

test('emits the first argument of an event, or what map makes of all', () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  fromEmitter(emitter, 'reading').subscribe((value) => seen.push(value));
  const map = (value: number, unit: string): string => `${value} ${unit}`;
  fromEmitter(emitter, 'reading', { map }).subscribe((value) => seen.push(value));
  emitter.emit('reading', 3, 'kPa');
  expect(seen).toEqual([3, '3 kPa']);
});

test('a map that throws ends the stream with its error, and not the emitter', () => {
  const emitter = new EventEmitter();
  const errors: unknown[] = [];
  const map = (): never => {
    throw new Error('no map');
  };
  fromEmitter(emitter, 'reading', { map }).subscribe({ error: (error) => errors.push(error) });
  emitter.emit('reading', 3);
  expect(errors).toEqual([new Error('no map')]);
  expect(emitter.listenerCount('reading')).toBe(0);
});

test('whatever is no emitter is refused', () => {
  expect(() => fromEmitter({} as never, 'reading')).toThrow(TypeError);
});
