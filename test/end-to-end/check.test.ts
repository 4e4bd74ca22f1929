import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { learnerNames } from '../../src/node/training/learner-choice.ts';
import {
  checksumBytes,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../src/snapshot/checkpoint.ts';
import { runCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rowsOf = (task: string): string => {
  const path = join(folder, `${task}.csv`);
  const target = (i: number) => (task === 'regression' ? i % 7 : `c${i % 3}`);
  const lines = Array.from({ length: 60 }, (_, i) => `${i % 5},k${i % 2},${target(i)}`);
  writeFileSync(path, `a,kind,target\n${lines.join('\n')}\n`);
  return path;
};

/** Trains on rows, and ends with a final checkpoint. Returns its path. */
const kept = async (learner: string, task: string): Promise<string> => {
  const path = join(folder, `${learner}-${task}`);
  const { child, url, end } = await startServing([
    ...[rowsOf(task), '--task', task, '--learner', learner, '--checkpoint', path],
  ]);
  await expect
    .poll(
      async () => ((await (await fetch(`${url}v1/snapshot`)).json()) as { step: number }).step,
      {
        timeout: 60_000,
      },
    )
    .toBe(60);
  child.kill('SIGTERM');
  expect((await end).exitCode).toBe(0);
  // It may have written more than one on its way.
  const files = filesIn(path);
  const bytes = readFileSync(join(path, files.at(-1)!));
  for (const file of files) rmSync(join(path, file));
  writeFileSync(join(path, 'checkpoint-000000001.safetensors'), bytes);
  return path;
};

const filesIn = (path: string): string[] =>
  readdirSync(path).filter((name) => name.endsWith('.safetensors'));

/** A file that is as whole as any other, with something changed in it. */
const rewritten = (path: string, change: (text: string) => string): void => {
  const checkpoint = decodeCheckpoint(readFileSync(path));
  const memory = structuredClone(checkpoint.memory) as Record<string, unknown>;
  const model = JSON.parse(change(JSON.stringify(checkpoint.model)));
  if (model.lost) delete (memory['learner'] as Record<string, unknown>)[model.lost];
  const bytes = encodeCheckpoint({ ...checkpoint, model, memory: memory as never });
  const length = bytes.length - checksumBytes;
  bytes.set(createHash('sha256').update(bytes.subarray(0, length)).digest(), length);
  writeFileSync(path, bytes);
};

describe('rivulet check', () => {
  test.each(
    learnerNames.flatMap((name) => [
      [name, 'classification'],
      [name, 'regression'],
    ]),
  )(
    'restores a %s of a %s and lets it learn, and writes nothing',
    async (learner, task) => {
      const path = await kept(learner!, task!);
      const before = filesIn(path).map((name) => readFileSync(join(path, name)));
      const { exitCode, stdout, stderr } = await runCli(['check', path, '--json']);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        folder: path,
        checkpoints: [
          {
            ...{ file: 'checkpoint-000000001.safetensors', verdict: 'good', step: 60 },
            ...{
              isFinal: true,
              cost: expect.any(Number),
              epoch: expect.stringMatching(/^\w{26}$/),
            },
            ...{ bytes: before[0]!.length, model: { learner, task, seed: 1 } },
          },
        ],
      });
      expect(filesIn(path).map((name) => readFileSync(join(path, name)))).toEqual(before);
    },
    60_000,
  );

  test('names each file that cannot be resumed, and why', async () => {
    const path = await kept('network', 'regression');
    const [good] = filesIn(path).map((name) => join(path, name));
    const other = (number: number): string =>
      join(path, `checkpoint-00000000${number}.safetensors`);
    for (const number of [2, 3, 4, 5, 6, 7]) copyFileSync(good!, other(number));
    const bytes = readFileSync(good!);
    writeFileSync(other(2), bytes.subarray(0, 1_000));
    writeFileSync(
      other(3),
      bytes.map((byte, i) => (i === bytes.length - 5_000 ? byte ^ 1 : byte)),
    );
    rewritten(other(4), (model) => model.replace('{', '{"lost":"network",'));
    rewritten(other(5), () => '{"name":"greenhouse"}');
    rewritten(other(7), (model) => model.replace('hidden units', 'hidden units more'));
    rmSync(other(6));
    mkdirSync(other(6));
    const { exitCode, stdout } = await runCli(['check', path]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^file +step +cost J +epoch +age +size +verdict\n/);
    const report = stdout.split('\n').join(' ');
    expect(report).toMatch(/000007\.safetensors +60 .* bad +it is of a network with .* makes a/);
    expect(report).toMatch(/000006\.safetensors .* bad +it is a folder, not a file \(EISDIR\)/);
    expect(report).toMatch(/000005\.safetensors +60 .* whole /);
    expect(report).toMatch(
      /000004\.safetensors +60 .* bad +learner.network must be an object, not nothing/,
    );
    expect(report).toMatch(/000003\.safetensors +– .* bad +its checksum is wrong: it is damaged/);
    expect(report).toMatch(/000002\.safetensors +– .* bad +its header is said to have \d+ bytes/);
    expect(report).toMatch(/000001\.safetensors +60 .* good /);
  }, 60_000);

  test('ends with code 2 where there is nothing to check', async () => {
    expect(await runCli(['check', join(folder, 'none')])).toMatchObject({
      exitCode: 2,
      stderr: `rivulet: ${join(folder, 'none')} cannot be read: the folder does not exist (ENOENT)\n`,
    });
    expect(await runCli(['check', folder])).toMatchObject({
      exitCode: 2,
      stderr: `rivulet: ${folder} has no checkpoints\n`,
    });
    expect((await runCli(['check'])).exitCode).toBe(2);
  }, 60_000);

  test('is explained by its help', async () => {
    const { stdout } = await runCli(['check', '--help']);
    expect(stdout).toContain('Usage: rivulet check [options] <folder>');
    expect(stdout).toContain(
      'Exit code: 0 if every checkpoint is good, 1 if one is not, 2 if there',
    );
  });
});

test('a model that does not fit is refused by name, and begins anew in a new epoch when asked', async () => {
  const path = await kept('network', 'regression');
  const [good] = filesIn(path);
  rewritten(join(path, good!), (model) => model.replace('{', '{"lost":"network",'));
  const again = [
    rowsOf('regression'),
    '--task',
    'regression',
    '--learner',
    'network',
    '--port',
    '0',
  ];
  const refused = await runCli(['serve', ...again, '--checkpoint', path]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(
    /^rivulet: the checkpoint does not fit this model: learner\/network must be an object, .*--begin-anew\n$/,
  );
  expect(filesIn(path)).toEqual([good]);
  expect((await runCli(['serve', ...again, '--checkpoint', path, '--seed', '2'])).stderr).toContain(
    'the checkpoint is of a model with --seed 1, not 2',
  );
  const { child, url, end } = await startServing([...again, '--checkpoint', path, '--begin-anew']);
  await expect.poll(async () => (await fetch(`${url}v2/health/ready`)).status).toBe(200);
  child.kill('SIGTERM');
  const { exitCode, stderr } = await end;
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`are in ${join(path, 'replaced-1')} now: this is a new epoch`);
  expect(filesIn(join(path, 'replaced-1'))).toEqual([good]);
  expect(filesIn(path)).toContain('checkpoint-000000002.safetensors');
  expect((await runCli(['check', path])).exitCode).toBe(0);
}, 60_000);

test('a server says that a checkpoint is of another source', async () => {
  const path = await kept('network', 'regression');
  const other = join(folder, 'other.csv');
  writeFileSync(other, 'a,kind,target\n1,k0,2\n');
  const resume = ['--task', 'regression', '--learner', 'network', '--checkpoint', path];
  const stderrOf = async (source: string): Promise<string> => {
    const { child, end } = await startServing([source, ...resume]);
    child.kill('SIGTERM');
    return (await end).stderr;
  };
  const said = `rivulet: the checkpoint is of a model of ${join(folder, 'regression.csv')}; it learns`;
  expect(await stderrOf(join(folder, 'regression.csv'))).not.toContain(said);
  expect(await stderrOf(other)).toContain(`${said} ${other} from now on\n`);
}, 60_000);
