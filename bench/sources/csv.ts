import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { pool } from '../../src/learn/pool/pool.ts';
import { csv } from '../../src/node/files/csv.ts';
import { inputCount, makePipeline, makeRows, secondsOf } from './rows.ts';

/** Most of a second: of a stream that runs for days, what is compiled at its beginning is little. */
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
  for (let i = 0; i < passes; i += 1) best = Math.max(best, rowCount / (await pass()));
  return best;
};

type Rows = ReturnType<typeof makeRows>;

/** The seconds of one pass. */
type Pass = () => Promise<number>;

const fromFile = (rows: Rows): Pass => {
  const header = [...Array.from({ length: inputCount }, (_, i) => `x${i}`), 'target'];
  const lines = [header, ...rows.map(({ x, target }) => [...x, target])].join('\n');
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
    const path = join(folder, 'rows.csv');
    writeFileSync(path, lines);
    const pipeline = makePipeline();
    const seconds = await secondsOf(() => lastValueFrom(pipeline.run(csv(path))));
    rmSync(folder, { recursive: true });
    return seconds;
  };
};

const fromMemory = (rows: Rows): Pass => {
  const samples = rows.map(({ x, target }) => ({ x, y: oneHot[target]! }));
  return () => {
    const learner = pool({ task: 'classification', inputCount, outputCount: 2 });
    return secondsOf(() => {
      for (const { x, y } of samples) learner.learn(x, y);
    });
  };
};
