import { expect, test } from 'vitest';
import { readPayload } from '../../../../src/node/sources/mqtt/intake.ts';
import { TopicJoin } from '../../../../src/node/sources/mqtt/topic-join.ts';
import { SampleError } from '../../../../src/stream/rejection.ts';

test('topics become one record under their own names', () => {
  const join = new TopicJoin();
  join.put('a/b', 1);
  join.put('a/c', 2);
  join.put('a/b', 3);
  expect(join.take()).toEqual([{ group: '', values: { 'a/b': 3, 'a/c': 2 } }]);
  expect(join.take()).toEqual([]);
});

test('a map gives names, and what its wildcards match keeps records apart', () => {
  const join = new TopicJoin({
    map: { 'sensors/+/temp': 'temperature', 'sensors/+/hum': 'humidity' },
  });
  join.put('sensors/hall/temp', 20);
  join.put('sensors/kitchen/temp', 23);
  join.put('sensors/hall/hum', 0.4);
  expect(join.take()).toEqual([
    { group: 'hall', values: { temperature: 20, humidity: 0.4 } },
    { group: 'kitchen', values: { temperature: 23 } },
  ]);
  expect(() => join.put('doors/hall', 1)).toThrow(SampleError);
});

test('what ends in # is the level above, too', () => {
  const join = new TopicJoin({ map: { 'sport/+/#': 'x', 'news/#': 'y' } });
  join.put('sport/tennis', 1);
  join.put('sport/tennis/a/b', 2);
  join.put('news', 3);
  expect(join.take()).toEqual([
    { group: 'tennis/', values: { x: 1 } },
    { group: 'tennis/a/b', values: { x: 2 } },
    { group: '', values: { y: 3 } },
  ]);
  expect(() => join.put('newspaper', 1)).toThrow('the map has no name for it');
});

test('a flood of topics is refused beyond a limit, and what was there before stays', () => {
  const join = new TopicJoin();
  for (let i = 0; i < 1000; i += 1) join.put(`t/${i}`, i);
  expect(() => join.put('t/1000', 1)).toThrow('t/1000: more than 1000 topics with values');
  join.put('t/5', 7);
  expect(join.take()[0]?.values['t/5']).toBe(7);
  // They are features for good, and not of one record alone.
  expect(() => join.put('t/1000', 1)).toThrow('t/1000: more than 1000 topics with values');
  join.put('t/5', 8);
  expect(join.take()).toEqual([{ group: '', values: { 't/5': 8 } }]);
  const rooms = new TopicJoin({ map: { 'rooms/+/x': 'x' } });
  for (let i = 0; i < 1000; i += 1) rooms.put(`rooms/${i}/x`, i);
  expect(() => rooms.put('rooms/z/x', 1)).toThrow('more than 1000 records');
});

test('a map is served however many topics there are, and its own limit can be set', () => {
  const mapped = new TopicJoin({ map: { 'rooms/+/x': 'x' }, topicsMax: 1 });
  for (let i = 0; i < 2_000; i += 1) {
    mapped.put(`rooms/${i}/x`, i);
    if (i % 500 === 499) expect(mapped.take()).toHaveLength(500);
  }
  const join = new TopicJoin({ topicsMax: 2 });
  for (const topic of ['a', 'b']) join.put(topic, 1);
  expect(() => join.put('c', 1)).toThrow('c: more than 2 topics with values');
});

test('a topic that no field may be called is refused by itself', () => {
  const join = new TopicJoin();
  join.put('a', 1);
  expect(() => join.put('__proto__', 1)).toThrow('a topic may not be called __proto__');
  expect(join.take()).toEqual([{ group: '', values: { a: 1 } }]);
});

test('a payload is a number or a record, and nothing else', () => {
  const read = (payload: string | Uint8Array) => readPayload('t', Buffer.from(payload));
  expect(read('21.5')).toBe(21.5);
  expect(read('{"a":1}')).toEqual({ a: 1 });
  for (const bad of ['nonsense', '[1]', '"text"', 'null', 'true', '']) {
    expect(() => read(bad)).toThrow(SampleError);
  }
  expect(() => read(Uint8Array.of(0x7b, 0xff, 0x7d))).toThrow('t: not UTF-8');
  expect(() => read(Buffer.alloc(10_000_000, 0x20))).toThrow('10000000 bytes');
});
