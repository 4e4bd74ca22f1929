import { lastValueFrom, type Observable, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as nodeSources from '../../src/node/sources/index.ts';
import * as sources from '../../src/sources/index.ts';
import { sourceSubjects as subjects } from './source-subjects.ts';

const names = [...Object.keys(sources), ...Object.keys(nodeSources)];

test('each source brings what this suite needs, and nothing else does', () => {
  // test/contracts/sources/NAME.ts, which exports a subject.
  expect([...subjects.keys()].sort()).toEqual(names.toSorted());
});

describe.each([...subjects])('%s', (_, subject) => {
  beforeAll(async () => subject.open?.());
  afterAll(async () => subject.close?.());

  const collect = <T>(values: Observable<T>): Promise<T[]> => {
    const all = lastValueFrom(values.pipe(toArray()));
    subject.drive?.();
    return all;
  };

  test('is cold: making it does nothing', () => {
    subject.make();
    expect(subject.isClosed?.() ?? true).toBe(true);
  });

  if (!subject.isLive)
    test('completes, and another subscription starts anew', async () => {
      const first = await collect(subject.make());
      expect(first.length).toBeGreaterThanOrEqual(3);
      expect(await collect(subject.make())).toEqual(first);
    });

  test('unsubscribing stops it, and leaves nothing open', async () => {
    expect(await collect(subject.make().pipe(take(2)))).toHaveLength(2);
    expect(subject.isClosed?.() ?? true).toBe(true);
  });

  if (subject.makeBroken)
    test('an error passes', async () => {
      await expect(collect(subject.makeBroken!())).rejects.toThrow('broken');
      expect(subject.isClosed?.() ?? true).toBe(true);
    });
});
