import { expect, test } from 'vitest';
import { Handover } from '../../../src/node/worker/handover.ts';

const collect = async <T>(handover: Handover<T>): Promise<T[]> => {
  const values: T[] = [];
  for await (const value of handover.values()) values.push(value);
  return values;
};

test('what is put is taken in turn, before and after somebody asks', async () => {
  const handover = new Handover<number>();
  void handover.put(1);
  void handover.put(2);
  const taken = collect(handover);
  await handover.put(3);
  handover.end();
  expect(await taken).toEqual([1, 2, 3]);
});

test('who puts hears when it is taken, and not earlier', async () => {
  const handover = new Handover<string>();
  const heard: string[] = [];
  for (const value of ['a', 'b']) void handover.put(value).then(() => heard.push(value));
  const values = handover.values();
  expect(heard).toEqual([]);
  await values.next();
  expect(heard).toEqual(['a']);
  await values.next();
  expect(heard).toEqual(['a', 'b']);
});

test('an error comes after what was put before it; a second end is none', async () => {
  const handover = new Handover<number>();
  void handover.put(1);
  handover.end(new Error('torn'));
  handover.end();
  const values = handover.values();
  expect(await values.next()).toEqual({ done: false, value: 1 });
  await expect(values.next()).rejects.toThrow('torn');
});

test('when it is stopped, what waits is let go of and nobody waits any more', async () => {
  const handover = new Handover<number>();
  const put = handover.put(1);
  handover.stop();
  await put;
  expect(await collect(handover)).toEqual([]);
  const idle = new Handover<number>();
  const asked = collect(idle);
  idle.stop();
  expect(await asked).toEqual([]);
});
