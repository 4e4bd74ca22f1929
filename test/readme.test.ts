import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from './eventually.ts';

const textOf = (file: string): string =>
  readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const blocksOf = (file: string, language: string): string[] =>
  [...textOf(file).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, code]) => code!,
  );

test('the README has at most 800 words', () => {
  expect(textOf('README.md').split(/\s+/).length).toBeLessThanOrEqual(800);
});

test('every page of docs/ is in its index', () => {
  const pages = readdirSync(new URL('../docs', import.meta.url)).filter((file) =>
    file.endsWith('.md'),
  );
  const index = textOf('docs/README.md');
  expect(pages.filter((page) => page !== 'README.md' && !index.includes(`(${page})`))).toEqual([]);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('the examples of the README and of the page on embedding are those in docs/examples, to the letter', () => {
  expect(blocksOf('README.md', 'ts')).toEqual([textOf('docs/examples/embed.ts')]);
  expect(blocksOf('docs/embedding.md', 'typescript')).toEqual([
    textOf('docs/examples/greenhouse.ts'),
  ]);
});

test('the first example runs, and J_total falls', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('../docs/examples/embed.ts');
  await eventually(() => expect(log).toHaveBeenCalledTimes(3));
  const costs = log.mock.calls.map(([line]) => Number(/J_total (\S+)/.exec(String(line))![1]));
  expect(costs[2]).toBeLessThan(costs[0]!);
  expect(log.mock.calls[2]![0]).toMatch(/^5391 digits/);
});

test('the second example learns what its emitter emits, and serves it', async () => {
  vi.stubEnv('PORT', '0');
  const { sensors, pipeline, server } = await import('../docs/examples/greenhouse.ts');
  for (let i = 0; i < 2000; i += 1) {
    const outside = 20 * Math.sin(i);
    const window = i % 3 === 0 ? 'open' : 'shut';
    sensors.emit('reading', outside, window, window === 'open' ? outside : outside + 10);
  }
  const [inside] = pipeline.predict({ features: { outside: 4, window: 'shut' } });
  expect(inside).toBeGreaterThan(12);
  expect(inside).toBeLessThan(16);
  expect((await fetch(server.url)).status).toBe(200);
  await server.close();
});
