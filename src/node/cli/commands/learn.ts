import { Command } from 'commander';
import { accuracy } from '../../../evaluate/metrics/accuracy.ts';
import { mae } from '../../../evaluate/metrics/mae.ts';
import { type LearnCommandOptions, withLearnOptions } from '../options/learn-options.ts';
import { report } from '../reports/report.ts';
import { runAndReport } from '../training/run-and-report.ts';

/** How often `learn` goes through the digits, which have no end of their own. */
const digitPasses = 20;

/** `rivulet learn SOURCE`: trains without serving, and prints the result. */
export const learnCommand = (): Command =>
  withLearnOptions(
    new Command('learn')
      .description('train without serving, and print the result')
      .argument('<source...>', 'digits, host, - (standard input), files, or an address'),
  ).action((source: string[], options: LearnCommandOptions) => {
    const { samples, json = false } = options;
    return runAndReport(source, options, {
      metrics: (task) => (task === 'classification' ? { accuracy: accuracy() } : { mae: mae() }),
      ...(samples === undefined && { passes: digitPasses }),
      report: (training, { last, seconds }) => report(training, last, { seconds, json }),
    });
  });
