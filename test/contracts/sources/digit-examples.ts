import { digitExamples } from '../../../src/sources/index.ts';
import type { SourceSubject } from '../source-subject.ts';

export const subject: SourceSubject = {
  make: () => digitExamples({ passes: 1 }),
  attack: 'takes nothing from outside',
};
