import { Command } from 'commander';
import { accuracy } from '../../evaluate/metrics/accuracy.ts';
import { mae } from '../../evaluate/metrics/mae.ts';
import { openTraining } from '../command-line/open-training.ts';
import { progressBar } from '../command-line/progress-bar.ts';
import { report } from '../command-line/report.ts';
import { trainToEnd } from '../command-line/train-to-end.ts';
import { type TrainingOptions, withTrainingOptions } from '../command-line/training-options.ts';

/** How often `learn` goes through the digits, which have no end of their own. */
const digitPasses = 20;

/** `rivulet learn SOURCE`: trains without serving, and prints the result. */
export const learnCommand = (): Command =>
  withTrainingOptions(
    new Command('learn')
      .description('train without serving, and print the result')
      .argument('<source...>', 'digits, host, - (standard input), files, or an address'),
  ).action((source: string[], options: TrainingOptions) =>
    train(source, options, options.samples === undefined ? digitPasses : undefined),
  );

/** `rivulet evaluate FILE`: one pass, each row predicted before it is learned from. */
export const evaluateCommand = (): Command =>
  withTrainingOptions(
    new Command('evaluate')
      .description('predict each row of a file, then learn from it: one pass')
      .argument('<file...>', 'CSV or NDJSON files, gzipped or not; or another source'),
  ).action((source: string[], options: TrainingOptions) => train(source, options, 1));

/** Milliseconds between two moves of the progress bar. */
const everyMs = 100;

const train = async (
  specs: readonly string[],
  options: TrainingOptions,
  passes: number | undefined,
): Promise<void> => {
  const training = openTraining(specs, options, {
    everyMs,
    metrics: (task) => (task === 'classification' ? { accuracy: accuracy() } : { mae: mae() }),
    ...(passes !== undefined && { passes }),
  });
  const { samples, json = false } = options;
  const progress = progressBar(training.source, samples === undefined ? {} : { samples });
  try {
    const { last, seconds, isInterrupted } = await trainToEnd(training, progress.show);
    progress.clear();
    process.stdout.write(report(training, last, { seconds, json }));
    if (isInterrupted) process.exitCode = 130;
  } finally {
    progress.clear();
  }
};
