import { readFileSync } from 'node:fs';
import { lastValueFrom, take, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { digitExamples, digitSamples, digits } from '../../src/sources/digits.ts';
import { packDigits, publishedRows } from './pack-digits.ts';

const rows = publishedRows();

test('the data module is what packing the published rows gives', () => {
  const module = readFileSync(new URL('../../src/sources/digits-data.ts', import.meta.url), 'utf8');
  expect(module).toBe(packDigits(rows));
});

test('the samples are the published rows, divided by 16', () => {
  const samples = digitSamples();
  expect(samples).toHaveLength(1797);
  samples.forEach(({ x, y }, i) => {
    expect(Array.from(x, (pixel) => pixel * 16)).toEqual(rows[i]?.slice(0, 64));
    expect(Array.from(y ?? []).indexOf(1)).toBe(rows[i]?.[64]);
  });
});

test('a class has one shared target array', () => {
  const samples = digitSamples();
  expect(new Set(samples.map(({ y }) => y)).size).toBe(10);
});

test('one pass without a seed is the published order, as records too', async () => {
  const all = await lastValueFrom(digitExamples({ passes: 1, seed: null }).pipe(toArray()));
  expect(all).toHaveLength(1797);
  expect(all[0]?.target).toBe(rows[0]?.[64]);
  expect(Object.values(all[5]?.features ?? {})).toEqual(rows[5]?.slice(0, 64));
  expect(Object.keys(all[5]?.features ?? {}).slice(0, 2)).toEqual(['p0', 'p1']);
});

test('each pass has every digit, in another order; equal seeds agree', async () => {
  const two = () => lastValueFrom(digits({ passes: 2, seed: 7 }).pipe(toArray()));
  const [first, second] = [await two(), await two()];
  expect(first).toEqual(second);
  expect(new Set(first.slice(0, 1797)).size).toBe(1797);
  expect(first.slice(1797)).not.toEqual(first.slice(0, 1797));
});

test('skips as many as `after` says', async () => {
  const all = await lastValueFrom(digits({ seed: 3 }).pipe(take(2000), toArray()));
  const rest = await lastValueFrom(digits({ seed: 3, after: 1900 }).pipe(take(100), toArray()));
  expect(rest).toEqual(all.slice(1900));
});
