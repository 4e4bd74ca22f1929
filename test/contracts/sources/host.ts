import { host } from '../../../src/node/sources/index.ts';
import type { SourceSubject } from '../source-subject.ts';

export const subject: SourceSubject = {
  make: () => host({ everyMs: 20, aheadSeconds: 0.02 }),
  isLive: true,
};
