import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';

const textOf = (file: string): string =>
  readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const blocks = [...textOf('README.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);

afterEach(() => vi.restoreAllMocks());

test('the first example of the README is docs/examples/embed.ts, to the letter', () => {
  expect(blocks[0]).toBe(textOf('docs/examples/embed.ts'));
});

test('the first example runs, and J_total falls', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../docs/examples/embed.ts');
  await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(3), { timeout: 20_000 });
  const costs = log.mock.calls.map(([line]) => Number(/J_total (\S+)/.exec(String(line))![1]));
  expect(costs[2]).toBeLessThan(costs[0]!);
  expect(log.mock.calls[2]![0]).toMatch(/^5391 digits/);
});
