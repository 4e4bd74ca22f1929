import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSource } from '../../../src/node/sources/open-source.ts';
import { SourcePlace } from '../../../src/node/sources/source-place.ts';
import type { SourcePosition } from '../../../src/snapshot/checkpoint.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-open-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Position = Omit<SourcePosition, 'name'>;

/** Takes some rows of a file from a position on: which they were, what was said, and where it stands. */
const taking = async (path: string, follow: boolean, from?: Position) => {
  const place = new SourcePlace();
  if (from) place.startFrom(from);
  const [rows, lines]: [unknown[], string[]] = [[], []];
  const events = { next: ({ message }: { message: string }) => lines.push(message) };
  const rejected = { next: () => place.refuse() };
  const source = openSource([path], { seed: 1, ahead: 1, follow, place, events, rejected });
  const subscription = source.examples
    .pipe(place.passing(), place.counting())
    .subscribe(({ target }) => rows.push(target));
  await sleep(500);
  subscription.unsubscribe();
  return { rows, lines, position: JSON.parse(JSON.stringify(place.position)) as Position };
};

test.each([
  ['followed, not, and followed again', [true, false, true]],
  ['not, followed, and not again', [false, true, false]],
])('a file that is %s gives each row once', async (_how, follows) => {
  const path = join(folder, `${follows.join('-')}.csv`);
  writeFileSync(path, 'a,target\n');
  let position: Position | undefined;
  for (const [i, follow] of follows.entries()) {
    appendFileSync(path, `1,${2 * i}\nbad\n1,${2 * i + 1}\n`);
    const taken = await taking(path, follow, position);
    expect(taken).toMatchObject({ rows: [2 * i, 2 * i + 1], lines: [] });
    position = taken.position;
  }
  expect(position).toMatchObject({ taken: 6, rejected: 3 });
});

test('a file that is read, rotated, and followed then gives each row once', async () => {
  const path = join(folder, 'read-rotated.csv');
  writeFileSync(path, 'a,target\n1,1\nbad\n1,2\n');
  const before = await taking(path, false);
  appendFileSync(path, 'bad\n1,3\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'a,target\n1,4\n1,5\n1,6\n');
  const { rows, lines, position } = await taking(path, true, before.position);
  expect({ rows, lines }).toEqual({ rows: [3, 4, 5, 6], lines: [] });
  expect(position).toMatchObject({ taken: 3, rejected: 0 });
});

test.each([true, false])(
  'a file that is read, made anew, and read again gives what is new, followed: %s',
  async (follow) => {
    const path = join(folder, `anew-${follow}.csv`);
    writeFileSync(path, 'a,target\n1,1\n1,2\n');
    const before = await taking(path, false);
    renameSync(path, `${path}~`);
    writeFileSync(path, 'a,target\n1,1\n1,2\n1,3\n');
    rmSync(`${path}~`);
    const again = await taking(path, follow, before.position);
    expect(again).toMatchObject({ rows: [3], lines: [], position: { taken: 3 } });
  },
);

test('where the file that was read is gone, the one of the name is followed, and a line says so', async () => {
  const path = join(folder, 'read-gone.csv');
  writeFileSync(path, 'a,target\n1,1\n1,2\n');
  const before = await taking(path, false);
  renameSync(path, join(folder, 'elsewhere.csv'));
  writeFileSync(path, 'a,target\n1,3\n');
  const { rows, lines } = await taking(path, true, before.position);
  expect(rows).toEqual([3]);
  expect(lines).toEqual([
    `the file that was read as ${path} is gone: the one of that name begins anew`,
  ]);
});

test('where another file was followed, the one of the name begins, and a line says so', async () => {
  const path = join(folder, 'rotated.csv');
  writeFileSync(path, 'a,target\n1,1\n1,2\n');
  const before = await taking(path, true);
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'a,target\n1,3\n1,4\n');
  const { rows, lines, position } = await taking(path, false, before.position);
  expect(rows).toEqual([3, 4]);
  expect(lines).toEqual([
    `the file that was followed as ${path} is gone or was cut off: the one of that name begins anew`,
  ]);
  appendFileSync(path, '1,5\n');
  const again = await taking(path, true, position);
  expect(again).toMatchObject({ rows: [5], lines: [] });
});

test.each(['ftp', 'constructor'])('of the scheme %s nothing is known', (scheme) => {
  const [place, rejected] = [new SourcePlace(), { next: () => {} }];
  const open = () => openSource([`${scheme}://a`], { seed: 1, ahead: 1, place, rejected });
  expect(open).toThrow(`nothing is known of ${scheme}: addresses; there are http, https, ws,`);
});
