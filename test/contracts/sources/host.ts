import { take } from 'rxjs';
import { host } from '../../../src/node/sources/index.ts';
import type { SourceSubject } from '../source-subject.ts';

export const subject: SourceSubject = {
  make: () => host({ everyMs: 20, aheadSeconds: 0.02 }),
  isLive: true,
  attack: async (taken) => {
    // Its sensors are read as they are; their readers are tried with hostile files.
    await taken.takeAll(host({ everyMs: 20, aheadSeconds: 0.02 }).pipe(take(2)));
    return 0;
  },
};
