import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom, tap } from 'rxjs';
import { pool } from '../../src/learn/pool/pool.ts';
import { csv } from '../../src/node/sources/files/csv.ts';
import { Clock } from './clock.ts';
import { inputCount, makePipeline, makeRows } from './rows.ts';

const rowCount = 60_000;
const oneHot = [
  [1, 0],
  [0, 1],
];

/** Each begins with a new learner; the best one counts: in the first, little is compiled. */
const passes = 3;

/** Rows a second: of a CSV `file` through the whole stream, or of rows in `memory` by the learner alone. */
export const csvRate = async (side: string): Promise<number> => {
  const rows = makeRows(rowCount);
  const pass = side === 'file' ? fromFile(rows) : fromMemory(rows);
  let best = 0;
  for (let i = 0; i < passes; i += 1) {
    const clock = new Clock(rowCount);
    await pass(clock);
    best = Math.max(best, clock.rate);
  }
  return best;
};

type Rows = ReturnType<typeof makeRows>;

/** Goes through all rows. */
type Pass = (clock: Clock) => Promise<void>;

const fromFile = (rows: Rows): Pass => {
  const header = [...Array.from({ length: inputCount }, (_, i) => `x${i}`), 'target'];
  const lines = [header, ...rows.map(({ x, target }) => [...x, target])].join('\n');
  return async (clock) => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
    const path = join(folder, 'rows.csv');
    writeFileSync(path, lines);
    await lastValueFrom(makePipeline().run(csv(path).pipe(tap(() => clock.count()))));
    rmSync(folder, { recursive: true });
  };
};

const fromMemory = (rows: Rows): Pass => {
  const samples = rows.map(({ x, target }) => ({ x, y: oneHot[target]! }));
  return async (clock) => {
    const learner = pool({ task: 'classification', inputCount, outputCount: 2 });
    for (const { x, y } of samples) {
      learner.learn(x, y);
      clock.count();
    }
  };
};
