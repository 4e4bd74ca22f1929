import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

/** Every message of a server that PROTOCOL.md shows; the first is a welcome. */
export const serverExamples = [...page.matchAll(/^```json server\n([^`]*)^```$/gm)].map(
  ([, text]) => text!.trim(),
);
