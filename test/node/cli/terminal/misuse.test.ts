import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { commandLine } from '../../../../src/node/cli/program.ts';
import { endingOf, Misuse, oneLine } from '../../../../src/node/cli/terminal/misuse.ts';
import { crossed, crossing } from '../../../../src/node/threads/crossed-error.ts';
import { SourceError } from '../../../../src/sources/source-error.ts';
import { OverflowError } from '../../../../src/stream/waiting.ts';

const digitsFile = fileURLToPath(new URL('../../../golden/digits.csv.gz', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-misuse-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** What standard error and the exit code would be. */
const run = async (args: readonly string[]): Promise<{ exitCode: number; said: string }> => {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  try {
    await commandLine().parseAsync(['node', 'rivulet', ...args]);
    return { exitCode: 0, said };
  } catch (error) {
    const { exitCode, line } = endingOf(error);
    return { exitCode, said: line === undefined ? said : `${said}${line}\n` };
  }
};

const misuses: readonly (readonly [name: string, args: () => string[], message: RegExp])[] = [
  ['no such file', () => ['learn', '/no/such.csv'], /cannot read \/no\/such.csv: there is no such/],
  ['a directory', () => ['evaluate', folder], /is a directory, not a file/],
  ['an empty file', () => ['evaluate', file('empty.csv', '')], /empty.csv is empty/],
  ['no header', () => ['evaluate', file('plain.csv', '1,2\n3,4\n')], /has no header/],
  ['no target', () => ['learn', digitsFile, '--target', 'label'], /has no column 'label'/],
  ['no rows', () => ['learn', file('head.csv', 'a,target\n')], /has no row to learn from/],
  ['no good row', () => ['learn', file('b.csv', 'a,target\n1\n2\n')], /2 rows were rejected; the/],
  [
    'no label',
    () => ['learn', file('n.csv', 'a,target\n1,\n2,\n')],
    /none of the first 2 rows has a/,
  ],
  ['no feature', () => ['learn', file('t.csv', 'target\n1\n2\n')], /no feature beside the target/],
  ['a bad number', () => ['learn', 'digits', '-n', '-3'], /whole number of at least 1/],
  ['a bad task', () => ['learn', 'digits', '--task', 'guess'], /Allowed choices are/],
  ['an unknown command', () => ['lern'], /unknown command 'lern' \(Did you mean learn\?\)/],
  [
    'an unknown option',
    () => ['learn', 'digits', '--sead', '3'],
    /'--sead' \(Did you mean --seed\?/,
  ],
  ['an unknown sensor', () => ['learn', 'host', '-t', 'moon'], /this host has no sensor 'moon'/],
];

test.each(misuses)('%s is one clear line, and exit code 2', async (_name, args, message) => {
  const { exitCode, said } = await run(args());
  expect(exitCode).toBe(2);
  expect(said).toMatch(message);
  expect(said).toMatch(/^rivulet: .*\n$/);
});

test('the user can mend a misuse; another error is ours', () => {
  expect(endingOf(new Misuse('no'))).toEqual({ exitCode: 2, line: 'rivulet: no' });
  expect(endingOf(new SourceError('no')).exitCode).toBe(2);
  expect(endingOf(new CommanderError(0, 'help', 'help'))).toEqual({ exitCode: 0 });
  expect(endingOf(new TypeError('x is undefined'))).toEqual({
    exitCode: 1,
    line: 'rivulet: unexpected: TypeError: x is undefined',
  });
});

test('a line has no line breaks and no control characters, whatever it quotes', () => {
  expect(oneLine('a\n  b\u001b[31mc')).toBe('a b\\x1b[31mc');
});

test('a full buffer is the ending that the policy asks for', () => {
  const error = new OverflowError('5 values wait already; the source is too fast');
  expect(endingOf(error)).toEqual({ exitCode: 2, line: `rivulet: ${error.message}` });
  expect(endingOf(crossed(crossing(error))).exitCode).toBe(2);
});
