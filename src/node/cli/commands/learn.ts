import { Command } from 'commander';
import { accuracy } from '../../../evaluate/metrics/accuracy.ts';
import { mae } from '../../../evaluate/metrics/mae.ts';
import { type LearnCommandOptions, withLearnOptions } from '../options/learn-options.ts';
import { report } from '../reports/report.ts';
import { Misuse } from '../terminal/misuse.ts';
import { runAndReport } from '../training/run-and-report.ts';
import { SavedModel } from '../training/saved-model.ts';

interface LearnOnlyOptions extends LearnCommandOptions {
  readonly save?: string;
  readonly beginAnew?: boolean;
}

/** How often `learn` goes through the digits, which have no end of their own. */
const digitPasses = 20;

/** `rivulet learn SOURCE`: trains without serving, and prints the result. */
export const learnCommand = (): Command =>
  withLearnOptions(
    new Command('learn')
      .description('train without serving, and print the result')
      .argument('<source...>', 'digits, host, - (standard input), files, or an address')
      .option('--save <folder>', 'write the model there, for predict and serve')
      .option('--begin-anew', 'move the model that is in that folder aside'),
  ).action(async (source: string[], options: LearnOnlyOptions) => {
    const { samples, save, beginAnew = false, json = false } = options;
    if (beginAnew && save === undefined) throw new Misuse('--begin-anew needs --save and a folder');
    const saved = save === undefined ? undefined : await SavedModel.open(save, beginAnew);
    await runAndReport(source, options, {
      ...(saved && { saved }),
      metrics: (task) => (task === 'classification' ? { accuracy: accuracy() } : { mae: mae() }),
      ...(samples === undefined && { passes: digitPasses }),
      report: (training, { last, seconds }) => report(training, last, { seconds, json }),
    });
  });
