import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tail } from '../../../src/node/sources/index.ts';
import { overTail } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

let folder = '';

export const subject: SourceSubject = {
  async open() {
    folder = mkdtempSync(join(tmpdir(), 'rivulet-sources-'));
    writeFileSync(join(folder, 'rows.csv'), 'a,target\n1,2\n3,4\n5,6\n');
  },
  close: () => rmSync(folder, { recursive: true }),
  make: () => tail(join(folder, 'rows.csv')),
  isLive: true,
  attack: overTail,
};
