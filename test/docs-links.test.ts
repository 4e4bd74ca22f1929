import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders = ['.', 'docs', 'bench', 'clients', 'clients/examples', 'clients/python'];
const pages = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(root, folder, file)),
);

interface Link {
  readonly page: string;
  readonly text: string;
  readonly to: string;
}

const links: Link[] = pages.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)]
    .map(([, text, to]) => ({ page, text: text!, to: to! }))
    .filter(({ to }) => !/^[a-z]+:/.test(to)),
);

const shown = ({ page, text, to }: Link): string => `${relative(root, page)}: [${text}](${to})`;

const targetOf = ({ page, to }: Link): string => resolve(dirname(page), to.split('#')[0]!);

test('each relative link of a page leads to a file', () => {
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter((link) => !existsSync(targetOf(link))).map(shown)).toEqual([]);
});

/** The anchor that a heading has: lower case, with spaces as hyphens and without other signs. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsIn = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

test('each link to a heading of a page finds it', () => {
  const wrong = links.filter((link) => {
    const anchor = link.to.split('#')[1];
    if (anchor === undefined) return false;
    const file = link.to.startsWith('#') ? link.page : targetOf(link);
    return !anchorsIn(file).includes(anchor);
  });
  expect(wrong.map(shown)).toEqual([]);
});

test('each link from a name to a file of code finds the name declared there', () => {
  const named = links.filter(({ text, to }) => /^`\w+`$/.test(text) && to.endsWith('.ts'));
  expect(named.length).toBeGreaterThan(15);
  const isDeclared = (link: Link): boolean =>
    new RegExp(`\\b(?:const|function|class|interface|type) ${link.text.slice(1, -1)}\\b`).test(
      readFileSync(targetOf(link), 'utf8'),
    );
  expect(named.filter((link) => !isDeclared(link)).map(shown)).toEqual([]);
});
