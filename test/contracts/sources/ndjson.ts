import { ndjson } from '../../../src/node/sources/index.ts';
import { lines, options, stream } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';
import { brokenText, textOf } from '../source-text.ts';

export const subject: SourceSubject = {
  make: () => ndjson(textOf('{"a":1}\n{"a":2}\n{"a":3}\n')),
  makeBroken: () => ndjson(brokenText()),
  attack: async (taken) => {
    const { text, count } = lines(4_000, 30);
    await taken.takeAll(ndjson(stream(text, 31), { ...options, rejected: taken.rejected }));
    return count;
  },
};
