import { expect, test } from 'vitest';
import { Intake, type IntakeOptions } from '../../../../src/node/sources/mqtt/intake.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const start = (options: IntakeOptions) => {
  const reasons: string[] = [];
  const counters = { received: 0, duplicates: 0, rejected: 0 };
  const rejected = { next: ({ reason }: Rejection) => reasons.push(reason) };
  const intake = new Intake(options, { counters, rejected });
  const read = (topic: string, text: string) =>
    intake.read({ topic, payload: Buffer.from(text), dup: false, retain: false });
  return { intake, read, reasons, counters };
};

test('a rejection names the topic, whatever is wrong', () => {
  const { read, reasons, counters } = start({ time: 'at' });
  const hostile = [nested(9), '{"__proto__":1}', '{"at":"noon"}', '[]', 'nonsense', '"\\ud800'];
  for (const payload of hostile) expect(read('rooms/hall', payload)).toBeUndefined();
  expect(reasons.slice(0, 3)).toEqual([
    'rooms/hall: nested deeper than 8 levels',
    'rooms/hall: a field may not be called __proto__',
    'rooms/hall: "noon" is no time: expected milliseconds since 1970, or ISO 8601 such as 2026-01-31T08:30:00Z',
  ]);
  for (const reason of reasons) expect(reason).toMatch(/^rooms\/hall: ./);
  expect(counters.rejected).toBe(hostile.length);
});

test('a bad record of a mapped topic is named, and does not spoil what it would be joined into', () => {
  const map = { '+/temp': 'temperature', '+/more': 'more' };
  const { intake, read, reasons } = start({ map });
  read('hall/temp', '21');
  for (const payload of [nested(8), '{"__proto__":1}']) read('hall/more', payload);
  expect(reasons).toEqual([
    'hall/more: nested deeper than 8 levels',
    'hall/more: a field may not be called __proto__',
  ]);
  read('hall/more', nested(7));
  expect(intake.joined()).toEqual([
    { id: 'hall', features: { temperature: 21, 'more.a.a.a.a.a.a.a': 1 } },
  ]);
});

test('a joined record that is a bad one as a whole is named by what its wildcards matched', () => {
  const map = { '+/x': 'x', '+/y': 'y' };
  const { intake, read, reasons } = start({ map });
  const many = JSON.stringify(Object.fromEntries(Array.from({ length: 9_000 }, (_, k) => [k, k])));
  for (const topic of ['hall/x', 'hall/y']) read(topic, many);
  expect(intake.joined()).toEqual([]);
  expect(reasons).toEqual(['hall: more than 16384 fields']);
});
