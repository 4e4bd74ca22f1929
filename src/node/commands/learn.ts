import { Command } from 'commander';
import { accuracy } from '../../evaluate/metrics/accuracy.ts';
import { mae } from '../../evaluate/metrics/mae.ts';
import { report } from '../command-line/report.ts';
import { trainAndReport } from '../command-line/train-and-report.ts';
import { type TrainingOptions, withTrainingOptions } from '../command-line/training-options.ts';

/** How often `learn` goes through the digits, which have no end of their own. */
const digitPasses = 20;

/** `rivulet learn SOURCE`: trains without serving, and prints the result. */
export const learnCommand = (): Command =>
  withTrainingOptions(
    new Command('learn')
      .description('train without serving, and print the result')
      .argument('<source...>', 'digits, host, - (standard input), files, or an address'),
  ).action((source: string[], options: TrainingOptions) => {
    const { samples, json = false } = options;
    return trainAndReport(source, options, {
      metrics: (task) => (task === 'classification' ? { accuracy: accuracy() } : { mae: mae() }),
      ...(samples === undefined && { passes: digitPasses }),
      report: (training, { last, seconds }) => report(training, last, { seconds, json }),
    });
  });
