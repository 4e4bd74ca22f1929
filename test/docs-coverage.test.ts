import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { declare } from '../docs/reference/declare.ts';
import { entriesOf } from '../docs/reference/reference.ts';
import * as detectors from '../src/evaluate/detectors/index.ts';
import * as metrics from '../src/evaluate/metrics/index.ts';
import * as activations from '../src/learn/activations/index.ts';
import * as initializers from '../src/learn/initializers/index.ts';
import * as losses from '../src/learn/losses/index.ts';
import * as optimizers from '../src/learn/optimizers/index.ts';
import * as nodeSources from '../src/node/sources/index.ts';
import { fromMqtt } from '../src/node/sources/mqtt/index.ts';
import { namedSources } from '../src/node/sources/named/index.ts';
import type { NamedSource } from '../src/node/sources/named/named-source.ts';
import * as sources from '../src/sources/index.ts';
import { examplesOf, pages, promisedBy, sectionsOf } from './docs-pages.ts';

// A compiler writes the declarations: only one that hangs should fail, not one on a loaded machine.
vi.setConfig({ hookTimeout: 300_000 });

type Entries = ReturnType<typeof entriesOf>;

const folder = mkdtempSync(join(tmpdir(), 'rivulet-docs-'));
let entries: Entries = [];
beforeAll(() => {
  declare(join(folder, 'dist'));
  entries = entriesOf(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const texts = pages();

interface Family {
  readonly pages: readonly string[];
  /** The names of the members, as the code registers them. */
  readonly members: () => readonly string[];
}

const functionsOf = (family: object): string[] =>
  Object.entries(family).flatMap(([name, member]) => (typeof member === 'function' ? [name] : []));

/** The classes that implement Learner, and the functions that return one of them. */
const learners = (): string[] => {
  const { names } = entries.find(({ name }) => name === 'rivulet')!;
  const classes = names.flatMap(([name, { code }]) =>
    /class \w+ implements [^{]*\bLearner\b/.test(code) ? [name] : [],
  );
  const result = new RegExp(
    `^export declare const \\w+: .*=> (Learner|${classes.join('|')});$`,
    's',
  );
  return [...classes, ...names.flatMap(([name, { code }]) => (result.test(code) ? [name] : []))];
};

/** The values that the package exports from `src/encode`. */
const encoders = (): string[] =>
  [
    ...readFileSync(resolve(import.meta.dirname, '../src/index.ts'), 'utf8').matchAll(
      /^export \{([^}]*)\} from '\.\/encode\/[^']+'/gm,
    ),
  ]
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim()))
    .filter((name) => name !== '' && !name.startsWith('type '));

const families: Readonly<Record<string, Family>> = {
  activations: { pages: ['activations.md'], members: () => Object.keys(activations) },
  losses: { pages: ['losses.md'], members: () => Object.keys(losses) },
  optimizers: { pages: ['optimizers.md'], members: () => Object.keys(optimizers) },
  initializers: { pages: ['initializers.md'], members: () => Object.keys(initializers) },
  metrics: { pages: ['metrics.md'], members: () => Object.keys(metrics) },
  'drift detectors': { pages: ['drift.md'], members: () => Object.keys(detectors) },
  sources: {
    pages: ['source-examples.md'],
    members: () => [...functionsOf({ ...sources, ...nodeSources }), fromMqtt.name],
  },
  learners: { pages: ['learners.md'], members: learners },
  encoders: {
    pages: ['columns.md', 'encoding.md', 'lags-and-averages.md', 'late-labels.md'],
    members: encoders,
  },
};

/** Members without a section named after them that has an example which uses them and prints. */
const withoutExample = (names: readonly string[], members: readonly string[]): string[] => {
  const sections = names.flatMap((name) => sectionsOf(texts.get(name) ?? ''));
  const isShown = (member: string): boolean =>
    sections.some(
      ({ heading, body }) =>
        heading.includes(`\`${member}\``) &&
        examplesOf(body).some(
          (code) => new RegExp(`\\b${member}\\b`).test(code) && promisedBy(code).length > 0,
        ),
    );
  return members.filter((member) => !isShown(member));
};

test.each(Object.entries(families))('each of the %s has an executed example', (_, family) => {
  const members = family.members();
  expect(members.length).toBeGreaterThan(2);
  expect(withoutExample(family.pages, members)).toEqual([]);
});

test('a member without a section, or with a section that prints nothing, is found', () => {
  expect(withoutExample(['activations.md'], ['relu', 'softsign'])).toEqual(['softsign']);
  expect(withoutExample(['README.md'], ['relu'])).toEqual(['relu']);
});

test('the page on sources names each word and each scheme of the command line', () => {
  const named: readonly NamedSource[] = Object.values(namedSources);
  const page = texts.get('sources.md')!;
  const expected = named.flatMap(({ words = [], schemes = [] }) => [
    ...words.map((word) => `\`${word}\``),
    ...schemes.map((scheme) => `\`${scheme}://\``),
  ]);
  expect(expected.filter((name) => !page.includes(name))).toEqual([]);
});

/** What a page says in code: blocks, and words between backticks. */
const codeOf = (text: string): string =>
  [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code).join('\n');

test('every public value is named on a page', () => {
  const code = [...texts.values()].map(codeOf).join('\n');
  const values = entries.flatMap(({ name, names }) =>
    names.flatMap(([value, { code: declared }]) =>
      /^export declare (?:abstract )?(?:const|function|class)\b/m.test(declared)
        ? [`${name} ${value}`]
        : [],
    ),
  );
  expect(values.length).toBeGreaterThan(100);
  const isNamed = (value: string): boolean => new RegExp(`\\b${value.split(' ')[1]}\\b`).test(code);
  expect(values.filter((value) => !isNamed(value))).toEqual([]);
});
