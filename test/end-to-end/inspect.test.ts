import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const csv = 'day;price;target\n13/01/2026;1,5;3\n14/01/2026;NA;4\n';

test('inspect prints the type of each column of standard input', async () => {
  const { exitCode, stdout, stderr } = await runCli(['inspect', '-', '--json'], csv);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    rows: 2,
    rejected: 0,
    columns: [
      { name: 'day', kind: 'timestamp', notation: 'day/month/year' },
      { name: 'price', kind: 'number', notation: 'decimal comma', missing: 1, range: [1.5, 1.5] },
      { name: 'target', kind: 'number', isTarget: true },
    ],
  });
});

test('inspect of a source without the target ends with exit code 2', async () => {
  const { exitCode, stderr } = await runCli(['inspect', '-', '--target', 'load'], csv);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("no column 'load'; its columns are day, price, target");
});
