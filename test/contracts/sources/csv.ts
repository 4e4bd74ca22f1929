import { csv } from '../../../src/node/sources/index.ts';
import { options, rows, stream } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';
import { brokenText, textOf } from '../source-text.ts';

export const subject: SourceSubject = {
  make: () => csv(textOf('a,target\n1,2\n3,4\n5,6\n')),
  makeBroken: () => csv(brokenText()),
  attack: async (taken) => {
    const { text, count } = rows(6_000, 34);
    await taken.takeAll(csv(stream(text, 35), { ...options, rejected: taken.rejected }));
    return count;
  },
};
