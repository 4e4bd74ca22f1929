import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../docs');

/** The pages of docs/ by file name, without the generated API reference. */
export const pages = (): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );

/** The examples of a page: each block marked `ts` is a complete program. */
export const examplesOf = (text: string): string[] =>
  [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** What the comments behind `console.log(…);` promise, in order. */
export const promisedBy = (code: string): string[] =>
  [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text!);

/** The sections of a page: the text under each heading, up to the next heading of any level. */
export const sectionsOf = (text: string): { heading: string; body: string }[] =>
  text
    .split(/^(?=#+ )/m)
    .filter((part) => part.startsWith('#'))
    .map((part) => {
      const end = part.indexOf('\n');
      return { heading: part.slice(0, end), body: part.slice(end) };
    });
