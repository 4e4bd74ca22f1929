import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import configuration from '../biome.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');
const rules = 'test/same-bits/same-bits.grit';

/** The lines that the rules forbid, from 1 on. */
const forbidden = (lines: readonly string[]): number[] => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-lint-'));
  try {
    copyFileSync(join(root, rules), join(folder, 'rules.grit'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ plugins: ['./rules.grit'] }));
    writeFileSync(join(folder, 'probe.ts'), `${lines.join('\n')}\n`);
    const biome = join(root, 'node_modules/.bin/biome');
    const options = ['lint', '--max-diagnostics=none', '--colors=off', 'probe.ts'];
    const { stdout, stderr } = spawnSync(biome, options, { cwd: folder, encoding: 'utf8' });
    const found = [...`${stdout}${stderr}`.matchAll(/^probe\.ts:(\d+):\d+ plugin/gm)];
    return [...new Set(found.map(([, line]) => Number(line)))].sort((a, b) => a - b);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const wrong = [
  'x = Math.exp(1);',
  'x = Math.log(x);',
  'x = [1].map(Math.log1p);',
  'x = Math.hypot(...values) + Math.sqrt(2);',
  'x = Math.max(1, Math.pow(x, 2));',
  'x = 2 ** 3;',
  'x = x ** -2;',
  'x = x ** n;',
  'x = x ** 2 ** n;',
  'x **= 3;',
  "x = Math['exp'](1);",
  'const { exp } = Math;',
  'const engine = Math;',
  'x = globalThis.Math.exp(1);',
  "code = 'return Math.exp(x)';",
  'code = `return x ** $' + '{n}`;',
  'x = Date.parse(text);',
  'x = new Date(text).getTime();',
  'text = x.toLocaleString();',
  'names.sort((a, b) => a.localeCompare(b));',
  'x = new Intl.Collator().compare(a, b);',
];

const right = [
  'x = x ** 2 + (a - b) ** 2;',
  'x = Math.sqrt(2) * Math.PI + Math.min(1, Math.abs(x)) + Math.LN2 + Math.imul(3, 4) + Math.fround(x);',
  'x = Math.floor(x) + Math.round(x) + Math.trunc(x) + Math.sign(x) + Math.clz32(x) + Math.ceil(x);',
  'x = Date.UTC(2024, 1);',
  "text = 'the engine has a Math of its own';",
  '// biome-ignore lint/plugin: shown to people',
  'x = Math.exp(1);',
];

describe('what differs between engines', () => {
  test('is forbidden by the lint rules, in every form', { timeout: 30_000 }, () => {
    expect(forbidden(wrong)).toEqual(wrong.map((_, i) => i + 1));
  });

  test('is distinguished from what is the same everywhere', { timeout: 30_000 }, () => {
    expect(forbidden(right)).toEqual([]);
  });

  test('is looked for in all of src/', () => {
    const applied = configuration.overrides.filter(({ plugins }) =>
      plugins?.includes(`./${rules}`),
    );
    expect(applied.map(({ includes }) => includes)).toEqual([['src/**']]);
  });

  test('is allowed in node/ alone, where it is shown to people or waits', () => {
    const src = join(root, 'src');
    const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.tsx?$/.test(file),
    );
    const exceptions = files.filter((file) =>
      /biome-ignore(-all|-start)?\s+(lint\/plugin|lint:|lint$)/m.test(
        readFileSync(join(src, file), 'utf8'),
      ),
    );
    expect(exceptions.filter((file) => !file.startsWith('node/'))).toEqual([]);
  });
});
