import { type Command, Option } from 'commander';
import { overflowPolicies } from '../../../stream/waiting.ts';
import { namedSources } from '../../sources/named/index.ts';
import type { NamedSource } from '../../sources/named/named-source.ts';
import { sourceKind } from '../../sources/source-kind.ts';
import { learnerNames } from '../../training/learner-choice.ts';
import type { TrainingOptions } from '../../training/training-options.ts';
import { Misuse } from '../terminal/misuse.ts';
import { checkClassOptions, withClassOptions } from './class-options.ts';
import { withColumnOptions } from './column-options.ts';
import { oneOf, positiveNumber, wholeNumber } from './number-option.ts';
import { withTextOptions } from './text-options.ts';

const sources: readonly NamedSource[] = Object.values(namedSources);

/**
 * Throws a Misuse if an option does not apply to the source, which is the first argument of the command:
 * ignoring it would surprise the user. The source is not quoted: it may contain a password.
 */
export const refuseMisplaced = (command: Command): void => {
  const [specs = []] = command.processedArgs as [string[]?];
  const kind = sourceKind(specs);
  if (kind === undefined) return;
  for (const option of command.options) {
    const name = option.attributeName();
    const having = sources.filter(({ options }) => options.some((one) => one === name));
    if (having.length === 0 || having.includes(namedSources[kind])) continue;
    if (command.getOptionValueSource(name) !== 'cli') continue;
    // biome-ignore lint/plugin: a sentence for people, in English everywhere
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(
      having.map(({ title }) => title),
    );
    throw new Misuse(`${option.long} is for ${names}, not for ${namedSources[kind].title}`);
  }
};

/** What serve, learn and evaluate have in common, as commander reads it. */
export interface LearnCommandOptions extends TrainingOptions {
  /** Whether to print the result as one JSON object. Default false. */
  readonly json?: boolean;
  /** The file that rejected samples are appended to. Default: none. */
  readonly rejects?: string;
  /** MiB of that file. Default 64. */
  readonly rejectsMax?: number;
}

/** Gives a command the options that serve, learn and evaluate have in common. */
export const withLearnOptions = (command: Command): Command =>
  withTextOptions(withColumnOptions(withClassOptions(command)))
    .option(
      '-t, --target <name>',
      'the column or field to predict (default: target; for host: cpu)',
    )
    .addOption(
      new Option(
        '--task <kind>',
        'what the target is (default: seen from the first 1,000 rows)',
      ).choices(['classification', 'regression']),
    )
    .addOption(
      new Option('-l, --learner <name>', 'who learns').choices(learnerNames).default('pool'),
    )
    .option(
      '-n, --samples <count>',
      'stop training after this many learned samples',
      wholeNumber(1),
    )
    .option(
      '--classes-max <count>',
      'how many classes there may be: a sample of one more is rejected',
      wholeNumber(1),
      1_000,
    )
    .option(
      '--features-max <count>',
      'how many features a record may have: one with more is rejected',
      wholeNumber(1),
      16_384,
    )
    .option('--seed <number>', 'of the first weights and of every shuffle', wholeNumber(0), 1)
    .option('--rate <number>', 'the largest number of samples per second', positiveNumber)
    .option('--id <name>', 'the column or field that names a row')
    .option('--ahead <seconds>', 'how far ahead host predicts its own sensors', positiveNumber, 2)
    .option('-f, --follow', 'follow a file as it grows and is rotated (by renaming), like tail -F')
    .option('--topic <filter...>', 'another MQTT topic filter')
    .option(
      '--client-id <name>',
      'the name of an MQTT session: the broker keeps its messages meanwhile; with --checkpoint none is lost by a crash',
    )
    .addOption(
      new Option('--qos <level>', 'the MQTT quality of service (default: 1)')
        .choices(['0', '1', '2'])
        .argParser(oneOf([0, 1, 2])),
    )
    .addOption(
      new Option('--mqtt-version <version>', '4 is MQTT 3.1.1 (default), 5 is MQTT 5')
        .choices(['4', '5'])
        .argParser(oneOf([4, 5])),
    )
    .option('--wait <seconds>', 'how long a server is waited for at first', positiveNumber, 30)
    .option('--buffer <count>', 'how many samples of a socket may wait', wholeNumber(1), 10_000)
    .addOption(
      new Option('--when-full <policy>', 'what becomes of samples when as many wait')
        .choices(overflowPolicies)
        .default('drop-oldest'),
    )
    .option(
      '--rejects <file>',
      'append rejected samples to an NDJSON file, with reason and position',
    )
    .option(
      '--rejects-max <MiB>',
      'how large that file may become, with the one before it (default: 64)',
      positiveNumber,
    )
    .option('--json', 'print the result as one JSON object')
    .hook('preAction', (_root, action) => {
      refuseMisplaced(action);
      checkClassOptions(action.opts());
    });
