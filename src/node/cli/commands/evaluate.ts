import { Command } from 'commander';
import { standardMetrics } from '../../../evaluate/standard-metrics.ts';
import { type LearnCommandOptions, withLearnOptions } from '../options/learn-options.ts';
import { CostHistory } from '../reports/cost-history.ts';
import { evaluationOutcome, evaluationReport } from '../reports/evaluation-report.ts';
import { jsonLine } from '../terminal/printable.ts';
import { runAndReport } from '../training/run-and-report.ts';

interface EvaluateOptions extends LearnCommandOptions {
  readonly predictions?: string;
}

/** `rivulet evaluate FILE`: one pass, each row predicted before it is learned from. */
export const evaluateCommand = (): Command =>
  withLearnOptions(
    new Command('evaluate')
      .description('predict each row of a file, then learn from it: one pass')
      .argument('<file...>', 'CSV or NDJSON files, gzipped or not; or another source')
      .option(
        '--predictions <file>',
        'write what each row was predicted before it was learned from: CSV, or NDJSON by its name',
      ),
  ).action((source: string[], options: EvaluateOptions) => {
    const history = new CostHistory();
    return runAndReport(source, options, {
      passes: 1,
      ...(options.predictions !== undefined && { predictions: options.predictions }),
      metrics: standardMetrics,
      audience: history,
      watch: (snapshot) => history.add(snapshot),
      report(training, { last, seconds }) {
        const outcome = evaluationOutcome(training, last, { seconds, history });
        if (options.json) return jsonLine(outcome);
        return evaluationReport(training, last, { seconds, outcome });
      },
    });
  });
