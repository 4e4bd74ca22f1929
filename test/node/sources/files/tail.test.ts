import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followedFile, tail } from '../../../../src/node/sources/files/tail.ts';
import { SourcePlace } from '../../../../src/node/sources/source-place.ts';
import type { SourcePosition } from '../../../../src/snapshot/checkpoint.ts';
import type { ConnectionEvent } from '../../../../src/sources/connection-event.ts';
import { SourceError } from '../../../../src/sources/source-error.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';
import { eventually } from '../../../eventually.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-tail-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Follows a file; `until` waits for a number of rows. */
const following = (path: string, from?: Omit<SourcePosition, 'name'>) => {
  const place = new SourcePlace();
  if (from) place.startFrom(from);
  const lines: string[] = [];
  const lost: number[] = [];
  const events = {
    next({ message, lostBytes }: ConnectionEvent) {
      lines.push(message);
      if (lostBytes !== undefined) lost.push(lostBytes);
    },
  };
  const seen: unknown[] = [];
  const rejections: Rejection[] = [];
  const rejected = {
    next(rejection: Rejection) {
      if (place.refuse()) rejections.push(rejection);
    },
  };
  const subscription = tail(path, { rejected, place, events })
    .pipe(place.passing(), place.counting())
    .subscribe(({ features }) => seen.push(features['a']));
  const until = async (count: number): Promise<unknown[]> => {
    while (seen.length < count) await sleep(20);
    return [...seen];
  };
  const stop = () => {
    subscription.unsubscribe();
    // As a checkpoint keeps it.
    return JSON.parse(JSON.stringify(place.position)) as Omit<SourcePosition, 'name'>;
  };
  return { until, rejections, lines, lost, stop };
};

/** The files that this process has open. */
const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    const link = join('/proc/self/fd', fd);
    return existsSync(link) ? readlinkSync(link) : [];
  });

test.skipIf(process.platform !== 'linux')('a file that was rotated away is closed', async () => {
  const path = join(folder, 'handles.csv');
  writeFileSync(path, 'a,target\n0,0\n');
  const { until, stop } = following(path);
  await until(1);
  for (let rotation = 1; rotation <= 3; rotation += 1) {
    renameSync(path, `${path}.${rotation}`);
    writeFileSync(path, `a,target\n${rotation},0\n`);
    await until(rotation + 1);
  }
  const ofThis = (): string[] => openFiles().filter((file) => file.startsWith(path));
  await eventually(() => expect(ofThis()).toEqual([path]));
  stop();
  await eventually(() => expect(ofThis()).toEqual([]));
});

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

test.each([
  ['-errors', '{"a":100}\n'],
  ['.offset', 'inode 5\n'],
  ['.1.gz.tmp', gzipSync('{"a":1}\n')],
])(
  'rotation: it stays with the file of the name, though one with %s was born after it',
  async (more, text) => {
    const path = join(folder, `beside${more}.log`);
    writeFileSync(path, '{"a":1}\n');
    const { until, stop } = following(path);
    await until(1);
    await sleep(300);
    renameSync(path, `${path}.1`);
    writeFileSync(path, '{"a":2}\n');
    await sleep(20);
    writeFileSync(path + more, text);
    await until(2);
    await sleep(500);
    appendFileSync(path, '{"a":3}\n');
    expect(await until(3)).toEqual([1, 2, 3]);
    // And what was beside it may take its name.
    writeFileSync(`${path}.new`, '{"a":4}\n');
    await sleep(300);
    renameSync(path, `${path}.2`);
    renameSync(`${path}.new`, path);
    expect(await until(4)).toEqual([1, 2, 3, 4]);
    stop();
  },
);

test('rotation: what lies beside the file need not be readable', async () => {
  const path = join(folder, 'locked.csv');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  writeFileSync(`${path}.lock`, '', { mode: 0 });
  symlinkSync(`${path}.loop`, `${path}.loop`);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'a,target\n2,0\n');
  expect(await until(2)).toEqual([1, 2]);
  stop();
});

/** What nobody may read, root may: a test of it runs as somebody else. */
const asNobody = async (body: () => Promise<void>): Promise<void> => {
  if (process.geteuid?.() !== 0) {
    await body();
    return;
  }
  chmodSync(folder, 0o777);
  process.seteuid!(65_534);
  try {
    await body();
  } finally {
    process.seteuid!(0);
  }
};

test('rotation: a next file that cannot be read is one clear line', () =>
  asNobody(async () => {
    const path = join(folder, 'shut.csv');
    writeFileSync(path, 'a,target\n1,0\n');
    const told = lastValueFrom(tail(path));
    await sleep(300);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'a,target\n2,0\n', { mode: 0 });
    await expect(told).rejects.toThrow(SourceError);
    await expect(told).rejects.toThrow(`cannot read ${path}: EACCES: permission denied`);
  }));

test('rotation: where the file of the name is gzipped, it waits for the next', async () => {
  const path = join(folder, 'once-packed.csv');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, stop } = following(path);
  await until(1);
  renameSync(path, `${path}.1`);
  writeFileSync(path, gzipSync('a,target\n7,0\n'));
  await sleep(700);
  renameSync(path, `${path}.2`);
  writeFileSync(path, 'a,target\n2,0\n');
  expect(await until(2)).toEqual([1, 2]);
  stop();
});

test('rotation: the old file is followed until there is something in the new one', async () => {
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

test('a gzipped file is one clear error, and skipped after a rotation', async () => {
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

describe('a file that is overwritten in place', () => {
  const header = 'a,target\n';
  const rows = (first: number, last: number): string =>
    Array.from({ length: last - first + 1 }, (_, i) => `${first + i},0\n`).join('');

  test.each([
    ['by a longer text', rows(1, 300), rows(1_001, 2_000)],
    ['by a longer text with the same first rows', rows(1, 500), rows(1, 300) + rows(1_301, 2_000)],
    ['by a text of the same length', rows(100, 400), rows(500, 800)],
  ])('%s is read from its first row, and an event says so', async (_how, before, after) => {
    const path = join(folder, 'overwritten.csv');
    writeFileSync(path, header + before);
    const { until, rejections, lines, lost, stop } = following(path);
    const countOf = (text: string): number => text.split('\n').length - 1;
    await until(countOf(before));
    // Again and again, each time between two looks.
    for (let times = 1; times <= 2; times += 1) {
      const text = times === 1 ? after : before;
      const known = (await until(0)).length;
      writeFileSync(path, header + text);
      const seen = (await until(known + countOf(text))).slice(known);
      expect(seen).toEqual(text.trim().split('\n').map(Number.parseFloat));
      expect(lines).toHaveLength(times);
    }
    expect(lines[0]).toBe(
      `${path} was overwritten after ${(header + before).length} bytes had been read: reading restarts at its first row; what was written to it in the last 0.2 s before may be lost`,
    );
    expect(lost).toEqual([0, 0]);
    expect(rejections).toEqual([]);
    stop();
  });

  test('keeps counting, so that a restart of the process skips what was consumed of the new text', async () => {
    const path = join(folder, 'overwritten-restart.csv');
    writeFileSync(path, header + rows(1, 3));
    const first = following(path);
    await first.until(3);
    writeFileSync(path, header + rows(11, 20));
    await first.until(13);
    appendFileSync(path, rows(21, 21));
    const again = following(path, first.stop());
    expect(await again.until(1)).toEqual([21]);
    expect(again.lines).toEqual([]);
    again.stop();
  });

  test('while the process is away, with the same first rows, is read from its first row', async () => {
    const path = join(folder, 'overwritten-away.csv');
    writeFileSync(path, header + rows(1, 600));
    const first = following(path);
    await first.until(600);
    const position = first.stop();
    writeFileSync(path, header + rows(1, 400) + rows(1_401, 2_000));
    const again = following(path, position);
    expect((await again.until(1_000)).slice(398, 402)).toEqual([399, 400, 1_401, 1_402]);
    expect(again.lines).toEqual([
      `the file that was followed as ${path} was cut off meanwhile: it begins anew`,
    ]);
    again.stop();
  });
});

test('copytruncate: an event counts the bytes of an unfinished row, and each time is reported', async () => {
  const path = join(folder, 'copytruncate.csv');
  writeFileSync(path, 'a,target\n1,0\n');
  const { until, lines, lost, stop } = following(path);
  await until(1);
  appendFileSync(path, '2,0\n345,');
  await until(2);
  await sleep(300);
  for (const row of [3, 4]) {
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    await sleep(300);
    appendFileSync(path, `a,target\n${row},0\n`);
    await until(row);
  }
  expect(lost).toEqual([4, 0]);
  expect(lines[0]).toBe(
    `${path} was cut off after 21 bytes had been read: reading restarts at its first row; 4 bytes of it are lost, and what was written to it in the last 0.2 s before may be lost`,
  );
  stop();
});

describe('after a restart', () => {
  const rows = (first: number, last: number): string =>
    Array.from({ length: last - first + 1 }, (_, i) => `${first + i},0\n`).join('');

  const header = 'a,target\n';

  /** Follows a file with three rows, one of which is bad, and stops. */
  const stopped = async (name: string) => {
    const path = join(folder, name);
    writeFileSync(path, `${header}${rows(1, 2)}bad\n${rows(3, 3)}`);
    const { until, stop, rejections } = following(path);
    await until(3);
    expect(rejections).toHaveLength(1);
    return { path, position: stop() };
  };

  test('it resumes after the last consumed row, and rejects none twice', async () => {
    const { path, position } = await stopped('again.csv');
    appendFileSync(path, `bad too\n${rows(4, 4)}`);
    const { until, stop, rejections, lines } = following(path, position);
    expect(await until(1)).toEqual([4]);
    expect(rejections).toHaveLength(1);
    expect(lines).toEqual([]);
    // And so once more.
    const again = following(path, stop());
    appendFileSync(path, rows(5, 5));
    expect(await again.until(1)).toEqual([5]);
    expect(again.rejections).toEqual([]);
    again.stop();
  });

  test('rotation meanwhile loses nothing and repeats nothing', async () => {
    const { path, position } = await stopped('away.csv');
    copyFileSync(path, `${path}.bak`);
    await sleep(50);
    appendFileSync(path, rows(4, 4));
    renameSync(path, `${path}.1`);
    writeFileSync(path, header + rows(5, 6));
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    copyFileSync(`${path}.2`, `${path}.3.gz`);
    await sleep(50);
    writeFileSync(path, header + rows(7, 7));
    rmSync(`${path}.bak`);
    const { until, stop, lines } = following(path, position);
    expect(await until(4)).toEqual([4, 5, 6, 7]);
    expect(lines).toEqual([]);
    const then = stop();
    renameSync(path, `${path}.0`);
    const again = following(path, then);
    await sleep(300);
    writeFileSync(path, header + rows(8, 8));
    expect(await again.until(1)).toEqual([8]);
    again.stop();
  });

  test('a folder that cannot be listed needs no listing', () =>
    asNobody(async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      const { path, position } = await stopped('closed/log.csv');
      chmodSync(closed, 0o300);
      appendFileSync(path, rows(4, 4));
      const { until, stop, lines } = following(path, position);
      expect(await until(1)).toEqual([4]);
      renameSync(path, `${path}.1`);
      writeFileSync(path, header + rows(5, 5));
      expect(await until(2)).toEqual([4, 5]);
      expect(lines).toEqual([]);
      const again = following(path, { ...stop(), since: { file: 'none', bytes: 0 } });
      expect(await again.until(1)).toEqual([5]);
      expect(again.lines).toHaveLength(1);
      again.stop();
      chmodSync(closed, 0o700);
    }));

  test.skipIf(process.platform !== 'linux')(
    'no file stays open where its place is no place',
    async () => {
      const { path, position } = await stopped('senseless.csv');
      const place = new SourcePlace();
      place.startFrom({ ...position, since: { ...position.since, headBytes: 2 ** 60 } });
      await expect(lastValueFrom(tail(path, { place }))).rejects.toThrow(RangeError);
      expect(openFiles()).not.toContain(path);
    },
  );

  test('again and again, while another process writes and rotates: each row once, in order', async () => {
    const path = join(folder, 'restless.csv');
    const rowCount = 6_000;
    writeFileSync(path, '');
    const script = join(import.meta.dirname, 'rotating-writer.mjs');
    const writer = spawn(process.execPath, [script, path, `${rowCount}`], { stdio: 'inherit' });
    const seen: unknown[] = [];
    let position: Omit<SourcePosition, 'name'> | undefined;
    for (let life = 0; seen.length < rowCount; life += 1) {
      const { until, stop, lines } = following(path, position);
      await until(Math.min(rowCount - seen.length, [1, 700, 90, 400][life % 4]!));
      position = stop();
      seen.push(...(await until(0)));
      expect(lines).toEqual([]);
      if (life % 3 === 0) await sleep(300);
    }
    expect(seen).toEqual(Array.from({ length: rowCount }, (_, row) => row));
    writer.kill();
  }, 60_000);

  test('what is written after the second of two files had been read follows', async () => {
    const { path, position } = await stopped('queue.csv');
    appendFileSync(path, rows(4, 4));
    renameSync(path, `${path}.1`);
    writeFileSync(path, header + rows(5, 5));
    const first = following(path, position);
    await first.until(2);
    await sleep(300);
    const again = following(path, first.stop());
    appendFileSync(path, rows(6, 6));
    expect(await again.until(1)).toEqual([6]);
    again.stop();
  });

  test.each([
    ['shorter', rows(7, 8)],
    ['longer, but another', rows(7, 20)],
  ])('what was cut off meanwhile, and is %s, begins anew, and says so', async (_how, text) => {
    const { path, position } = await stopped('cut-away.csv');
    truncateSync(path, 0);
    appendFileSync(path, header + text);
    const { until, stop, lines } = following(path, position);
    expect((await until(2)).slice(0, 2)).toEqual([7, 8]);
    expect(lines).toEqual([
      `the file that was followed as ${path} was cut off meanwhile: it begins anew`,
    ]);
    expect(stop()).toMatchObject({ rejected: 0 });
  });

  test('where the file is gone it begins with the one that has the name, and says so', async () => {
    const { path, position } = await stopped('gone.csv');
    // Or the new one might be given its number.
    renameSync(path, join(folder, 'elsewhere.csv'));
    writeFileSync(path, header + rows(7, 8));
    const { until, stop, lines } = following(path, position);
    expect(await until(2)).toEqual([7, 8]);
    expect(lines).toEqual([
      `the file that was followed as ${path} is gone: the one of that name begins anew`,
    ]);
    stop();
  });
});

test('one file can be followed, and no standard input', () => {
  expect(followedFile(['a.csv'])).toBe('a.csv');
  expect(() => followedFile(['a.csv', 'b.csv'])).toThrow('must all be files that end: --follow');
  expect(() => followedFile(['-'])).toThrow('standard input cannot be followed: name a file');
});
