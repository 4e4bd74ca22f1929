import { expect, test } from 'vitest';
import * as detectors from '../src/evaluate/detectors/index.ts';
import * as metrics from '../src/evaluate/metrics/index.ts';
import * as activations from '../src/learn/activations/index.ts';
import * as initializers from '../src/learn/initializers/index.ts';
import * as losses from '../src/learn/losses/index.ts';
import * as optimizers from '../src/learn/optimizers/index.ts';
import { examplesOf, pages, promisedBy, sectionsOf } from './docs-pages.ts';

interface Family {
  readonly pages: readonly string[];
  /** The names of the members, as the family's index registers them. */
  readonly members: readonly string[];
}

const families: Readonly<Record<string, Family>> = {
  activations: { pages: ['activations.md'], members: Object.keys(activations) },
  losses: { pages: ['losses.md'], members: Object.keys(losses) },
  optimizers: { pages: ['optimizers.md'], members: Object.keys(optimizers) },
  initializers: { pages: ['initializers.md'], members: Object.keys(initializers) },
  metrics: { pages: ['metrics.md'], members: Object.keys(metrics) },
  detectors: { pages: ['drift.md'], members: Object.keys(detectors) },
};

const texts = pages();

/** Members without a section named after them that has an example which uses them and prints. */
const withoutExample = ({ pages: names, members }: Family): string[] => {
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
  expect(family.members.length).toBeGreaterThan(1);
  expect(withoutExample(family)).toEqual([]);
});

test('a member without a section, or with a section that prints nothing, is found', () => {
  const members = ['relu', 'softsign'];
  expect(withoutExample({ pages: ['activations.md'], members })).toEqual(['softsign']);
  expect(withoutExample({ pages: ['README.md'], members })).toEqual(members);
});
