import { type Command, InvalidArgumentError } from 'commander';
import type { ClassWeights } from '../../../learn/class-weights.ts';
import type { Threshold } from '../../../learn/named-prediction.ts';
import type { ClassOptions } from '../../training/class-options.ts';
import { Misuse } from '../terminal/misuse.ts';

/** Gives a command the options about classes. */
export const withClassOptions = (command: Command): Command =>
  command
    .option(
      '--class-weights <weights>',
      'how much each class counts in learning, such as fraud=10,fine=1; or balanced',
      classWeights,
    )
    .option(
      '--threshold <class=probability>',
      'predict this class as soon as it has this probability, such as fraud=0.2',
      threshold,
    );

/** Throws a Misuse if a learner does not support an option. */
export const checkClassOptions = ({
  classWeights: weights,
  learner,
}: ClassOptions & { readonly learner: string }): void => {
  if (weights !== 'balanced' || learner === 'pool') return;
  throw new Misuse(
    `--class-weights balanced needs the pool: give the ${learner} a weight for each class, such as fraud=10`,
  );
};

/** A line for people where options name a class that has not appeared; undefined where all have. */
export const unknownClassNotice = (
  { classWeights: weights, threshold: special }: ClassOptions,
  classes: readonly string[] | undefined,
): string | undefined => {
  const named = [
    ...(typeof weights === 'object' ? Object.keys(weights) : []),
    ...(special ? [special.label] : []),
  ];
  const unknown = named.find((name) => classes && !classes.includes(name));
  if (unknown === undefined) return undefined;
  const known = classes!.slice(0, 10).join(', ');
  const more = classes!.length > 10 ? `, … (${classes!.length})` : '';
  return `no class "${unknown}" has appeared, which an option names; the classes are ${known}${more}`;
};

const classWeights = (text: string): ClassWeights | 'balanced' => {
  if (text === 'balanced') return text;
  const pairs = text.split(',').map((pair) => pairOf(pair, 'fraud=10,fine=1, or balanced'));
  const wrong = pairs.find(([, weight]) => !(weight >= 0 && weight <= 1e6));
  if (wrong) throw new InvalidArgumentError('A weight is a number from 0 to 1,000,000.');
  return Object.fromEntries(pairs);
};

const threshold = (text: string): Threshold => {
  const [label, probability] = pairOf(text, 'fraud=0.2');
  if (probability > 0 && probability < 1) return { label, probability };
  throw new InvalidArgumentError('A threshold is a probability above 0 and below 1.');
};

/** The name may have an equals sign of its own. */
const pairOf = (text: string, example: string): [name: string, value: number] => {
  const at = text.lastIndexOf('=');
  const value = text.slice(at + 1).trim();
  if (at > 0 && value !== '' && !Number.isNaN(Number(value))) {
    return [text.slice(0, at).trim(), Number(value)];
  }
  throw new InvalidArgumentError(`Expected CLASS=NUMBER, such as ${example}.`);
};
