import { csv } from '../../../src/node/sources/index.ts';
import type { SourceSubject } from '../source-subject.ts';
import { brokenText, textOf } from '../source-text.ts';

export const subject: SourceSubject = {
  make: () => csv(textOf('a,target\n1,2\n3,4\n5,6\n')),
  makeBroken: () => csv(brokenText()),
};
