import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastValueFrom } from 'rxjs';
import { pool } from '../../src/learn/pool/pool.ts';
import { csv } from '../../src/node/files/csv.ts';
import { inputCount, makePipeline, makeRows, secondsOf } from './rows.ts';

const rowCount = 20_000;
const oneHot = [
  [1, 0],
  [0, 1],
];

/** Rows a second: a CSV file through the whole stream, and the learner alone on rows in memory. */
export interface CsvRates {
  readonly file: number;
  readonly memory: number;
}

/** The best rates of so many rounds. */
export const csvRates = async (rounds: number): Promise<CsvRates> => {
  const rows = makeRows(rowCount);
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-bench-'));
  const path = join(folder, 'rows.csv');
  const header = [...Array.from({ length: inputCount }, (_, i) => `x${i}`), 'target'];
  writeFileSync(path, [header, ...rows.map(({ x, target }) => [...x, target])].join('\n'));
  const best = { file: 0, memory: 0 };
  // Plain arrays, as the encoder makes them: with two kinds of them one side would slow the other.
  const samples = rows.map(({ x, target }) => ({ x, y: oneHot[target]! }));
  for (let round = 0; round < rounds; round += 1) {
    const learner = pool({ task: 'classification', inputCount, outputCount: 2 });
    const alone = await secondsOf(() => {
      for (const { x, y } of samples) learner.learn(x, y);
    });
    const pipeline = makePipeline();
    const whole = await secondsOf(() => lastValueFrom(pipeline.run(csv(path))));
    best.memory = Math.max(best.memory, rowCount / alone);
    best.file = Math.max(best.file, rowCount / whole);
  }
  rmSync(folder, { recursive: true });
  return best;
};
