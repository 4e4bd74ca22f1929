import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RejectsFile } from '../../../../src/node/training/rejects/rejects-file.ts';
import { SampleError } from '../../../../src/stream/rejection.ts';

const newFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-rejects-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const rejection = (index: number) =>
  new SampleError('value', 'it is bad').at(index, { features: { a: index }, target: 1 });

const indicesIn = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { index?: number; lost?: number }).index);

test('rejections are appended in order', async () => {
  const path = join(newFolder(), 'rejects.ndjson');
  writeFileSync(path, '{"index":-1}\n');
  const file = new RejectsFile(path, { source: 's' });
  for (let i = 0; i < 500; i += 1) file.next(rejection(i));
  await new Promise((resolve) => setImmediate(resolve));
  for (let i = 500; i < 1_000; i += 1) file.next(rejection(i));
  await file.close();
  file.next(rejection(1_000));
  expect(indicesIn(path)).toEqual(Array.from({ length: 1_001 }, (_, i) => i - 1));
});

test('the two files are bounded, and the newest rejections remain', async () => {
  const path = join(newFolder(), 'rejects.ndjson');
  const file = new RejectsFile(path, { source: 's', bytesMax: 4_000 });
  for (let i = 0; i < 200; i += 1) {
    file.next(rejection(i));
    if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await file.close();
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(4_000);
  expect(indicesIn(path).at(-1)).toBe(199);
});

test('what the disk is too slow for is counted', async () => {
  const path = join(newFolder(), 'rejects.ndjson');
  const file = new RejectsFile(path, { source: 's', bytesMax: 2_000 });
  for (let i = 0; i < 200; i += 1) file.next(rejection(i));
  await file.close();
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toEqual({ lost: 200 - (lines.length - 1) });
});

test('a disk that fails is reported once, and stops nothing', async () => {
  const told: string[] = [];
  const folder = newFolder();
  const failed = ({ message }: Error): void => void told.push(message);
  const file = new RejectsFile(join(folder, 'r'), { source: 's', bytesMax: 1_000, failed });
  rmSync(folder, { recursive: true });
  for (let i = 0; i < 50; i += 1) {
    file.next(rejection(i));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await file.close();
  expect(told).toEqual([expect.stringContaining('ENOENT')]);
  expect(() => new RejectsFile(join(folder, 'no', 'such'), { source: 's' })).toThrow(/ENOENT/);
});
