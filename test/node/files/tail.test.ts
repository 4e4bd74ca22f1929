import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tail } from '../../../src/node/files/tail.ts';
import type { Rejection } from '../../../src/stream/rejection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-tail-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Follows a file; `until` waits for so many rows. */
const following = (path: string) => {
  const seen: unknown[] = [];
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const subscription = tail(path, { rejected }).subscribe(({ features }) =>
    seen.push(features['a']),
  );
  const until = async (count: number): Promise<unknown[]> => {
    while (seen.length < count) await sleep(20);
    return [...seen];
  };
  return { until, rejections, stop: () => subscription.unsubscribe() };
};

test('rows come as they are written, a line that is not finished later', async () => {
  const path = join(folder, 'grows.csv');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  appendFileSync(path, '2,0\n3');
  await until(2);
  appendFileSync(path, ',0\n');
  expect(await until(3)).toEqual([1, 2, 3]);
  stop();
});

test('rotation: the rest of the old file, then the new one', async () => {
  const path = join(folder, 'rotates.ndjson');
  writeFileSync(path, '{"a":1}\n');
  const { until, stop } = following(path);
  await until(1);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, '{"a":2}\n');
  await sleep(100);
  writeFileSync(path, '{"a":3}\n');
  expect(await until(3)).toEqual([1, 2, 3]);
  appendFileSync(path, '{"a":4}\n');
  expect(await until(4)).toEqual([1, 2, 3, 4]);
  stop();
});

test('rotation while another process writes heavily: each row once, in order', async () => {
  const path = join(folder, 'heavy.csv');
  const rowCount = 12_000;
  writeFileSync(path, '');
  const { until, stop } = following(path);
  const script = join(import.meta.dirname, 'rotating-writer.mjs');
  const writer = spawn(process.execPath, [script, path, `${rowCount}`], { stdio: 'inherit' });
  await once(writer, 'exit');
  await until(rowCount);
  // Time for one that is read twice.
  await sleep(500);
  expect(await until(rowCount)).toEqual(Array.from({ length: rowCount }, (_, row) => row));
  stop();
}, 60_000);

test('rotation: what lies beside the file by a like name is none of its rows', async () => {
  const path = join(folder, 'copied.csv');
  writeFileSync(`${path}.0`, 'a,target\n7,0\n');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  copyFileSync(path, `${path}.bak`);
  await sleep(500);
  renameSync(path, `${path}.1`);
  copyFileSync(`${path}.1`, `${path}.1.gz`);
  writeFileSync(path, 'a,target\n2,0\n');
  expect(await until(2)).toEqual([1, 2]);
  appendFileSync(path, '3,0\n');
  expect(await until(3)).toEqual([1, 2, 3]);
  stop();
});

test('rotation: the old file goes on until there is something in the new one', async () => {
  const path = join(folder, 'late.csv');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  renameSync(path, `${path}.1`);
  await sleep(500);
  writeFileSync(path, '');
  await sleep(500);
  appendFileSync(`${path}.1`, '2,0\n');
  expect(await until(2)).toEqual([1, 2]);
  appendFileSync(path, 'a,target\n3,0\n');
  expect(await until(3)).toEqual([1, 2, 3]);
  stop();
});

test('truncation: it begins anew, with its header', async () => {
  const path = join(folder, 'cut.csv');
  writeFileSync(path, 'a,target\n1,0\n2,0\n3,0\n');
  const { until, stop } = following(path);
  await until(3);
  truncateSync(path, 0);
  await sleep(600);
  appendFileSync(path, 'target,a\n0,9\n');
  expect(await until(4)).toEqual([1, 2, 3, 9]);
  stop();
});

test.each([
  ['CSV', 'a,target\n1,0\n', '12,3', 'a,target\n9,0\n'],
  ['a quoted field of CSV', 'a,target\n1,0\n', '12,"3\n', 'a,target\n9,0\n'],
  ['NDJSON', '{"a":1}\n', '{"a":12}', '{"a":9}\n'],
])(
  'truncation: a line of %s that is not finished is thrown away',
  async (_kind, whole, half, next) => {
    const path = join(folder, 'half.txt');
    writeFileSync(path, whole + half);
    const { until, stop, rejections } = following(path);
    await until(1);
    await sleep(300);
    truncateSync(path, 0);
    await sleep(600);
    appendFileSync(path, next);
    expect(await until(2)).toEqual([1, 9]);
    expect(rejections).toEqual([]);
    stop();
  },
);

test('what is gzipped is one clear line, and passed by where a file was rotated', async () => {
  const path = join(folder, 'packed.csv');
  writeFileSync(path, gzipSync('a,target\n1,0\n'));
  await expect(firstValueFrom(tail(path))).rejects.toThrow(
    `${path} is gzipped: such a file cannot be followed`,
  );
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  renameSync(path, `${path}.1`);
  writeFileSync(`${path}.tgz`, gzipSync('a,target\n1,0\n'));
  writeFileSync(path, 'a,target\n2,0\n');
  expect(await until(2)).toEqual([1, 2]);
  stop();
});

test('what is no file that grows is one clear line', async () => {
  await expect(firstValueFrom(tail('/no/such.csv'))).rejects.toThrow(
    'cannot read /no/such.csv: there is no such file',
  );
  await expect(firstValueFrom(tail(folder))).rejects.toThrow(`${folder} is no file that grows`);
});
