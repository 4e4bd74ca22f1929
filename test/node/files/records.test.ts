import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { lastValueFrom, tap } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { records } from '../../../src/node/files/records.ts';
import type { Rejection } from '../../../src/stream/rejection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-records-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Each target, rejection and error, in turn. */
const read = async (...paths: readonly string[]): Promise<unknown[]> => {
  const told: unknown[] = [];
  const rejected = { next: ({ code }: Rejection) => told.push(code) };
  const targets = records(paths, { rejected }).pipe(tap(({ target }) => told.push(target)));
  await lastValueFrom(targets, { defaultValue: undefined }).catch((error: Error) =>
    told.push(error.message),
  );
  return told;
};

test('each file is NDJSON or CSV, as it begins, whatever it is called', async () => {
  const paths = [
    file('1.csv', 'a,target\n1,2\nshort\n3,4\n'),
    file('2.csv', '\n \n{"a":1,"target":5}\n[]\n{"a":1,"target":6}'),
    file('3.ndjson.gz', gzipSync('target,a\n7,1\n')),
  ];
  expect(await read(...paths)).toEqual(['shape', 2, 4, 5, 'shape', 6, 7]);
});

test('what comes before the file that cannot be read is read', async () => {
  const [first, missing] = [file('first.csv', 'a,target\n1,2\n'), join(folder, 'missing.csv')];
  const reason = `cannot read ${missing}: there is no such file`;
  expect(await read(first, missing, first)).toEqual([2, reason]);
});
