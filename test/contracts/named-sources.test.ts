import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { refuseMisplaced, withLearnOptions } from '../../src/node/cli/options/learn-options.ts';
import { namedSources } from '../../src/node/sources/named/index.ts';
import type { NamedSource } from '../../src/node/sources/named/named-source.ts';
import { sourceKind } from '../../src/node/sources/source-kind.ts';

const sources = Object.entries<NamedSource>(namedSources);
const page = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8');

/** The names of a source, as they are typed. */
const namesOf = ({ words = [], schemes = [] }: NamedSource): string[] => [
  ...words,
  ...schemes.map((scheme) => `${scheme}://a/b`),
];

/** Options that are not typed, or that every source has. */
const untyped = ['passes'];

/** A value of each option that does not take `1`. */
const valid: Readonly<Record<string, string>> = { delimiter: ';', encoding: 'latin1' };

const learn = (): Command =>
  withLearnOptions(new Command('learn'))
    .argument('[source...]', '', ['digits'])
    .exitOverride()
    .action(() => {});

describe.each(sources)('the named source %s', (kind, source) => {
  test('is found by each of its names, and by no other source', () => {
    for (const name of namesOf(source)) expect(sourceKind([name])).toBe(kind);
    const others = sources.filter(([, other]) => other !== source);
    const taken = others.flatMap(([, other]) => namesOf(other));
    expect(namesOf(source).filter((name) => taken.includes(name))).toEqual([]);
  });

  test('has options of the command line, each of which another source refuses', () => {
    const known = learn().options.map((option) => option.attributeName());
    const typed = source.options.filter((option) => !untyped.includes(option));
    expect(typed.filter((option) => !known.includes(option))).toEqual([]);
    for (const name of typed) {
      const option = learn().options.find((one) => one.attributeName() === name)!;
      const given =
        option.isBoolean() || option.negate
          ? [option.long!]
          : [option.long!, option.argChoices?.[0] ?? valid[name] ?? '1'];
      for (const [other, { options }] of sources) {
        const [spec = 'rows.csv'] = namesOf(namedSources[other as keyof typeof namedSources]);
        const run = () => refuseMisplaced(learn().parse([spec, ...given], { from: 'user' }));
        if (options.includes(name)) expect(run).not.toThrow();
        else expect(run).toThrow(`${option.long} is for `);
      }
    }
  });

  test('is in the table of the page on sources', () => {
    for (const name of source.words ?? []) expect(page).toContain(`\`${name}\``);
    for (const scheme of source.schemes ?? []) expect(page).toContain(`\`${scheme}://\``);
  });
});
