import { ndjson } from '../../../src/node/sources/index.ts';
import type { SourceSubject } from '../source-subject.ts';
import { brokenText, textOf } from '../source-text.ts';

export const subject: SourceSubject = {
  make: () => ndjson(textOf('{"a":1}\n{"a":2}\n{"a":3}\n')),
  makeBroken: () => ndjson(brokenText()),
};
