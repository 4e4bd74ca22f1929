import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, take } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasSecondCore } from '../../../src/node/start-thread.ts';
import { openSource } from '../../../src/node/training/open-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-open-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = { seed: 1, ahead: 2, rejected: { next() {} } };

test.each([
  ['a large file', 1_100_000, false, hasSecondCore],
  ['a large file that is followed', 1_100_000, true, hasSecondCore],
  ['a small file', 1_000, false, false],
])('%s: whether it has a thread of its own', async (name, rowCount, follow, hasThread) => {
  const path = join(folder, name);
  writeFileSync(path, `a,target\n${'1,2\n'.repeat(rowCount)}`);
  let threadCount = 0;
  const count = (): void => {
    threadCount += 1;
  };
  process.on('worker', count);
  const { examples } = openSource([path], { ...options, follow });
  expect(await firstValueFrom(examples.pipe(take(1)))).toMatchObject({ features: { a: 1 } });
  process.off('worker', count);
  expect(threadCount).toBe(hasThread ? 1 : 0);
});
