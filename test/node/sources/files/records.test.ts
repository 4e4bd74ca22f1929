import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { lastValueFrom, map, tap } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { records } from '../../../../src/node/sources/files/records.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';

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

test('what is neither is named, not read as a header of nonsense', async () => {
  const array = file('array.json', '[\n  {"a": 1, "target": 2}\n]\n');
  expect(await read(array)).toEqual([
    `${array} is one JSON array: expected one record per line, as jq -c '.[]' writes it`,
  ]);
});

test('a stream is destroyed with its subscription, though nothing was read of it', async () => {
  const stream = createReadStream(file('5.csv', 'a,target\n1,2\n'));
  records(stream).subscribe().unsubscribe();
  expect(stream.destroyed).toBe(true);
  await once(stream, 'close');
  await expect(lastValueFrom(records(stream))).rejects.toThrow(
    'the stream has been read already: it can be read once',
  );
});

describe('a file that begins with blanks', () => {
  const inPieces = (...pieces: readonly string[]): Readable =>
    Readable.from(pieces.map((piece) => Buffer.from(piece)));

  const linesOf = async (input: Readable): Promise<unknown[]> => {
    const lines: unknown[] = [];
    const rejected = { next: ({ index }: Rejection) => lines.push(index) };
    const targets = records(input, { rejected }).pipe(map(({ target }) => target));
    await lastValueFrom(targets.pipe(tap((target) => lines.push(`target ${target}`))));
    return lines;
  };

  test.each([
    ['CSV', 'a,target\nbad\n1,2\n', 7],
    ['NDJSON', '{"a":1,"target":2}\nbad\n', 7],
  ])('keeps the numbers of the lines of %s', async (_kind, text, line) => {
    const lines = await linesOf(inPieces('\ufeff', '\n\r\n', '\r', '\n\n', `\n${text}`));
    expect(new Set(lines)).toEqual(new Set([line, 'target 2']));
  });

  test('costs no more than its length, and little memory', async () => {
    const blank = Buffer.alloc(1 << 16, 10);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const input = Readable.from(
      (function* () {
        for (let i = 0; i < 256; i += 1) {
          most = Math.max(most, process.memoryUsage().arrayBuffers - before);
          yield blank;
        }
        yield Buffer.from('a,target\nbad\n1,2\n');
      })(),
    );
    expect(await linesOf(input)).toEqual([(1 << 24) + 2, 'target 2']);
    expect(most).toBeLessThan(4 << 20);
  });

  test('is refused where they are no lines, and too many', async () => {
    const input = inPieces(...Array.from({ length: 17 }, () => ' '.repeat(1 << 16)));
    await expect(linesOf(input)).rejects.toThrow(
      'the stream begins with more than 1048576 bytes of blanks',
    );
  });
});
