import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const rows = Array.from({ length: 60 }, (_, i) => `${i % 7};${i % 2 ? 'Köln' : 'Bonn'};${i % 7}.5`);

test('a text in Latin-1 with a title and columns of the same name is read, and standard error says how', async () => {
  const text = Buffer.from(`Meter 4\nx;x;y;target\n${rows.map((row) => `1;${row}`).join('\n')}\n`);
  const latin1 = Buffer.from(text.toString(), 'latin1').toString('latin1');
  const { exitCode, stdout, stderr } = await runCli(['learn', '-', '--json'], latin1);
  expect(stderr).toContain('the header is on line 2');
  expect(stderr).toContain("column 2 is another 'x': it is called x_2");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ samples: 60, rejected: 0, task: 'regression' });
});

test('a text without a header is refused with the options that read it, and they do', async () => {
  const text = `${rows.join('\n')}\n`;
  const refused = await runCli(['learn', '-'], text);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('has no header');
  expect(refused.stderr).toContain('--no-header');
  const read = await runCli(['learn', '-', '--no-header', '--json'], text);
  expect(read.stderr).toContain('the target is the last column, column3');
  expect(JSON.parse(read.stdout)).toMatchObject({ samples: 60, rejected: 0, task: 'regression' });
  const named = await runCli(['learn', '-', '--header', 'a,b,y', '-t', 'y', '--json'], text);
  expect(JSON.parse(named.stdout)).toMatchObject({ samples: 60, rejected: 0 });
});

test.each([
  [['--delimiter', '::'], 'expected one character of ASCII'],
  [['--encoding', 'utf-99'], 'no encoding is called "utf-99"'],
  [['--header', 'a,,b'], 'none empty and none twice'],
])('%j is refused', async (options, message) => {
  const { exitCode, stderr } = await runCli(['learn', '-', ...options], 'a,target\n1,2\n');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
