import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom, type Observable, take, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '../../../src/node/files/csv.ts';
import type { CsvOptions } from '../../../src/node/files/csv-reading.ts';
import { ndjson } from '../../../src/node/files/ndjson.ts';
import { records } from '../../../src/node/files/records.ts';
import { tail } from '../../../src/node/files/tail.ts';
import type { Example } from '../../../src/sources/example.ts';
import { SourceError } from '../../../src/sources/source-error.ts';
import { Governor } from '../../../src/stream/governor.ts';
import type { Rejection } from '../../../src/stream/rejection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-far-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** More rows than may be on their way at once, some of them bad. */
const rowCount = 20_000;
const text = [
  'id,a,b,target',
  ...Array.from({ length: rowCount }, (_, k) =>
    k % 1_000 === 7 ? `${k},short` : `r${k},${k / 8},${k % 3 === 0 ? 'red' : ''},${k % 2}`,
  ),
].join('\n');

/** All that a source says, in turn: its examples and rejections, and its end. */
const story = async (make: (sinks: CsvOptions) => Observable<Example>): Promise<unknown[]> => {
  const told: unknown[] = [];
  const rejected = { next: (rejection: Rejection) => told.push(rejection) };
  await lastValueFrom(make({ rejected }).pipe(tap((example) => told.push(example)))).catch(
    (error: Error) => told.push([error.name, error.message]),
  );
  return told;
};

/** Done when the thread that starts next has ended; with 0 where it did so by itself. */
const threadEnd = async (): Promise<unknown> => {
  const [worker] = (await once(process, 'worker')) as [Worker];
  const [exitCode] = await once(worker, 'exit');
  return exitCode;
};

/** The same with a thread and without. */
const stories = async (make: (options: CsvOptions) => Observable<Example>) => {
  const [near, far] = await Promise.all(
    [false, true].map((thread) => story((sinks) => make({ ...sinks, thread }))),
  );
  return { near: near!, far: far! };
};

describe('a file that is read in a thread of its own', () => {
  test.each<[string, (options: CsvOptions) => Observable<Example>]>([
    ['CSV', (o) => csv(file('rows.csv', text), o)],
    ['gzipped', (o) => csv(file('rows.csv.gz', gzipSync(text)), o)],
    [
      'TSV with a name for each row',
      (o) => csv(file('rows.tsv', text.replaceAll(',', '\t')), { ...o, id: 'id' }),
    ],
    [
      'several files',
      (o) => records([file('1.csv', text), file('2.ndjson', '{"x":1,"target":2}\n[]\n')], o),
    ],
    [
      'JSON lines',
      (o) => ndjson(file('rows.ndjson', '{"a":{"b":1},"target":"x"}\n{"a":\n{"target":0}\n'), o),
    ],
    [
      'gzip that ends too early',
      (o) => csv(file('cut.csv.gz', gzipSync(text).subarray(0, 20_000)), o),
    ],
    ['without the target', (o) => csv(file('other.csv', text), { ...o, target: 'y' })],
    [
      'with a delimiter that is none',
      (o) => csv(file('delimited.csv', text), { ...o, delimiter: ';;' }),
    ],
    ['that is missing', (o) => csv(join(folder, 'missing.csv'), o)],
  ])('says the same as one that is read here, in the same order: %s', async (_name, make) => {
    const { near, far } = await stories(make);
    expect(near.length).toBeGreaterThan(0);
    expect(far).toEqual(near);
  });

  test('is read no further than what is taken, but for a few batches', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const governor = new Governor();
    let count = 0;
    const subscription = csv(path, { thread: true, governor }).subscribe(() => {
      count += 1;
      if (count === 2_000) governor.pause();
    });
    const writer = createWriteStream(path);
    writer.on('error', () => {});
    const rows = `1,${'x'.repeat(500)},2\n`.repeat(2_000);
    writer.write('a,long,target\n');
    let written = 0;
    const write = (): boolean =>
      writer.write(rows, (error) => {
        written += 1;
        if (!error && written < 60) write();
      });
    write();
    while (count < 2_000) await sleep(10);
    // Meanwhile it would read all there is.
    await sleep(1_000);
    expect(written).toBeLessThan(12);
    governor.resume();
    while (count < 10_000) await sleep(10);
    subscription.unsubscribe();
    writer.destroy();
  });

  test('says how far it has been read', async () => {
    const progress = { read: 0, total: 0 };
    await lastValueFrom(csv(file('progress.csv', text), { thread: true, progress }));
    expect(progress).toEqual({ read: text.length, total: text.length });
  });

  test('is let go of by who takes a few rows', async () => {
    const path = file('few.csv', `a,target\n${'1,2\n'.repeat(400_000)}`);
    const ended = threadEnd();
    const rows = await lastValueFrom(csv(path, { thread: true }).pipe(take(3), toArray()));
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(await ended).toBe(0);
  });

  test('ends with its signal', async () => {
    const path = file('signal.csv', `a,target\n${'1,2\n'.repeat(400_000)}`);
    const abort = new AbortController();
    const ended = threadEnd();
    let count = 0;
    const source = csv(path, { thread: true, signal: abort.signal });
    const rows = source.pipe(
      tap(() => {
        count += 1;
        if (count === 5) abort.abort();
      }),
    );
    await lastValueFrom(rows);
    expect(count).toBe(5);
    expect(await ended).toBe(0);
  });

  test('does not hold up the event loop', async () => {
    const path = file('loop.csv', `a,target\n${'1,2\n'.repeat(100_000)}`);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await lastValueFrom(csv(path, { thread: true, sliceMs: 1 }));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test('is an error where its thread dies', async () => {
    process.once('worker', (worker) => worker.once('online', () => void worker.terminate()));
    const path = file('dies.csv', text);
    await expect(lastValueFrom(csv(path, { thread: true }))).rejects.toThrow(
      new SourceError(`the thread of ${path} has ended`),
    );
  });

  test('must be given by its path', () => {
    expect(() => csv(Readable.from(['a,target\n']), { thread: true })).toThrow(TypeError);
  });
});

test('a growing file is followed in a thread of its own', async () => {
  const path = file('grows.csv', 'a,target\n1,0\n');
  const ended = threadEnd();
  const seen: unknown[] = [];
  const two = firstValueFrom(
    tail(path, { thread: true }).pipe(
      tap(({ features }) => {
        seen.push(features['a']);
        if (seen.length === 1) appendFileSync(path, '2,0\n');
      }),
      take(2),
      toArray(),
    ),
  );
  await two;
  expect(seen).toEqual([1, 2]);
  expect(await ended).toBe(0);
});
