import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { Declarations, type Documented } from './declarations.ts';

/** An entry of the package, and its page. */
interface Entry {
  /** As it is imported, such as `rivulet/client`. */
  readonly name: string;
  readonly page: string;
  readonly names: readonly [name: string, declaration: Documented][];
}

/** The entries of the package whose declarations lie in a folder. */
export const entriesOf = (folder: string): Entry[] => {
  const declarations = new Declarations();
  return Object.entries(manifest.exports).flatMap(([path, target]) => {
    if (typeof target !== 'object') return [];
    const name = path.replace(/^\./, 'rivulet');
    const page = `${name.replaceAll('/', '-')}.md`;
    return [{ name, page, names: declarations.documented(join(folder, target.types)) }];
  });
};

/** The pages of the reference, by the names of their files. */
export const referenceOf = (entries: readonly Entry[]): Map<string, string> => {
  const pages = new Map<string, string>();
  const links = new Map<string, string>();
  for (const { page, names } of [...entries].reverse()) {
    for (const [name] of names) links.set(name, `${page}#${name.toLowerCase()}`);
  }
  for (const entry of entries) pages.set(entry.page, pageOf(entry, links));
  pages.set('README.md', indexOf(entries));
  return pages;
};

const indexOf = (entries: readonly Entry[]): string => {
  const rows = entries.map(
    ({ name, page, names }) => `| [\`${name}\`](${page}) | ${names.length} |`,
  );
  return `# API reference

Made from the declarations by \`npm run reference\`; do not edit it.

| entry | names |
|---|---:|
${rows.join('\n')}
`;
};

const pageOf = ({ name, names, page }: Entry, links: ReadonlyMap<string, string>): string => {
  const sections = names.map(([exported, declaration]) =>
    sectionOf(exported, declaration, { links, page }),
  );
  const list = names.map(([exported]) => `[${exported}](#${exported.toLowerCase()})`);
  return `# \`${name}\`\n\n${list.join(' · ')}\n\n${sections.join('\n\n')}\n`;
};

const sectionOf = (
  name: string,
  { comment, code }: Documented,
  { links, page }: { links: ReadonlyMap<string, string>; page: string },
): string => {
  const linked = (text: string): string =>
    text.replace(/\{@link (\w+)\}/g, (_, to: string) => {
      const link = links.get(to);
      return link === undefined ? `\`${to}\`` : `[${to}](${link.replace(page, '')})`;
    });
  const [text = '', ...examples] = comment.split(/^@example\n?/m);
  const blocks = examples.map((example) => `\`\`\`js\n${example.trim()}\n\`\`\``);
  const shown = code.replace(/^ {4}#private;\n/gm, '');
  return [`## ${name}`, linked(text.trim()), ...blocks, `\`\`\`typescript\n${shown}\n\`\`\``]
    .filter((part) => part !== '')
    .join('\n\n');
};

/** Exported names without a sentence. */
export const undocumentedNames = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ name, names }) =>
    names.filter(([, { comment }]) => comment === '').map(([exported]) => `${name} ${exported}`),
  );

/** The fields of a memory are plain data for a checkpoint, and those of a message are in PROTOCOL.md. */
const isOther = (name: string, code: string): boolean =>
  name.endsWith('Memory') || code.includes('Type.TObject<');

/** Members of exported classes and interfaces without a sentence: `Pipeline.step`. */
export const undocumentedMembers = (entries: readonly Entry[]): string[] => {
  const all = new Map(entries.flatMap(({ names }) => names));
  const found = new Set<string>();
  for (const [name, { code }] of all) {
    if (isOther(name, code)) continue;
    const inherited = basesOf(code).flatMap((base) => [...membersOf(all.get(base)?.code ?? '')]);
    for (const [one, isDocumented] of membersOf(code)) {
      if (isDocumented || inherited.some(([other, has]) => other === one && has)) continue;
      found.add(`${name}.${one}`);
    }
  }
  return [...found].sort();
};

/** What a class or an interface extends or implements. */
const basesOf = (code: string): string[] => {
  const [, bases = ''] = /(?:extends|implements) ([^{]*)\{/.exec(code) ?? [];
  return bases.match(/[A-Z]\w*/g) ?? [];
};

const member = /^ {4}(?:(?:readonly|static|abstract|get|set) )*('[^']+'|\[[^\]]+\]|\w+)\??[:(<]/;

/** The members of a declaration, each with whether a comment stands before it. */
const membersOf = (code: string): Map<string, boolean> => {
  const members = new Map<string, boolean>();
  const lines = code.split('\n');
  for (const [i, line] of lines.entries()) {
    const name = member.exec(line)?.[1];
    if (name === undefined || name === 'constructor') continue;
    const isDocumented = lines[i - 1]?.trimEnd().endsWith('*/') ?? false;
    members.set(name, (members.get(name) ?? false) || isDocumented);
  }
  return members;
};
