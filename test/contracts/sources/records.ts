import { records } from '../../../src/node/sources/index.ts';
import { lines, options, stream } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';
import { brokenText, textOf } from '../source-text.ts';

export const subject: SourceSubject = {
  make: () => records(textOf('a,target\n1,2\n3,4\n5,6\n')),
  makeBroken: () => records(brokenText()),
  attack: async (taken) => {
    const { text, count } = lines(4_000, 32);
    await taken.takeAll(records(stream(text, 33), { ...options, rejected: taken.rejected }));
    return count;
  },
};
