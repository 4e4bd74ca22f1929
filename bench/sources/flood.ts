import { Subject } from 'rxjs';
import type { Example } from '../../src/sources/example.ts';
import { bounded } from '../../src/stream/bounded.ts';
import { noneBuffered } from '../../src/stream/waiting.ts';
import { exampleOf, makePipeline, makeRows } from './rows.ts';

/** What became of a source that is too fast. */
export interface Flood {
  readonly sent: number;
  readonly learned: number;
  readonly dropped: number;
  /** How much larger the process was at the end than after a quarter of the time, in MiB. */
  readonly grownMiB: number;
}

/** A source ten times as fast as the learner, for so many seconds. */
export const flood = async (seconds: number): Promise<Flood> => {
  const examples = makeRows(2_000).map(exampleOf);
  const counters = noneBuffered();
  const source = new Subject<Example>();
  const pipeline = makePipeline();
  const ended = new Promise<void>((resolve, reject) => {
    pipeline
      .run(source.pipe(bounded({ size: 5_000, counters })))
      .subscribe({ complete: resolve, error: reject });
  });
  let sent = 0;
  let quarterMiB = 0;
  const startMs = performance.now();
  const elapsed = (): number => (performance.now() - startMs) / 1000;
  while (elapsed() < seconds) {
    for (const wanted = 10 * (counters.passed + 500); sent < wanted; sent += 1) {
      source.next(examples[sent % examples.length]!);
    }
    await new Promise((resolve) => setImmediate(resolve));
    if (quarterMiB === 0 && elapsed() > seconds / 4) quarterMiB = sizeMiB();
  }
  source.complete();
  await ended;
  const grownMiB = sizeMiB() - quarterMiB;
  return { sent, learned: pipeline.step, dropped: counters.dropped, grownMiB };
};

const sizeMiB = (): number => process.memoryUsage.rss() / 2 ** 20;
