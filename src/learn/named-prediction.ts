import { KnownFeatures, type UnknownFeatures } from '../encode/known-features.ts';
import type { Slot } from '../encode/slots.ts';
import { decide } from './decide.ts';
import type { Interval } from './interval.ts';
import type { Learner } from './learner.ts';

/** A prediction of a class, with names. */
export interface ClassPrediction {
  /** The class that is predicted: the likeliest, or as the threshold says. Absent before any class is known. */
  readonly label?: string;
  /** The probability of each class by its name; they add up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** Features of the row that the model does not know. Absent where it knows all. */
  readonly unknown?: UnknownFeatures;
}

/** A prediction of a number, with its interval. */
export interface NumberPrediction {
  /** The predicted number, in the unit of the target. */
  readonly value: number;
  /**
   * Where the target lies with the probability `coverage`. Infinite bounds: too few errors are known.
   * Absent where the learner gives no intervals.
   */
  readonly interval?: Interval;
  /** Features of the row that the model does not know. Absent where it knows all. */
  readonly unknown?: UnknownFeatures;
}

/** What a model predicts for one row, with names: a class, or a number. */
export type NamedPrediction = ClassPrediction | NumberPrediction;

/** One class is predicted as soon as its probability reaches a value, whichever is the likeliest. */
export interface Threshold {
  /** The name of the class. */
  readonly label: string;
  /** Its least probability: above 0 and below 1. */
  readonly probability: number;
}

/** Throws a RangeError where a threshold has no probability above 0 and below 1. */
const checkThreshold = ({ label, probability }: Threshold): void => {
  if (probability > 0 && probability < 1) return;
  throw new RangeError(
    `the threshold of "${label}" must be a probability above 0 and below 1, not ${probability}`,
  );
};

/** Options of a prediction with names. */
export interface NamedPredictionOptions {
  /** Asks for names. */
  readonly named: true;
  /** The probability that an interval has: above 0 and below 1. Default 0.9. */
  readonly coverage?: number;
}

/** The position of the class to decide for: the likeliest, unless that of the threshold reaches it. */
const decideBy = (
  probabilities: ArrayLike<number>,
  classes: readonly string[],
  threshold: Threshold | undefined,
): number => {
  const special = threshold === undefined ? -1 : classes.indexOf(threshold.label);
  if (special < 0 || special >= probabilities.length) return decide(probabilities);
  if (probabilities[special]! >= threshold!.probability) return special;
  const others = Array.from(probabilities, (p, k) => (k === special ? -1 : p));
  return others.length > 1 ? decide(others) : special;
};

/** The outputs of a classification with the names of the classes. */
export const namedClass = (
  outputs: ArrayLike<number>,
  classes: readonly string[],
  threshold?: Threshold,
): ClassPrediction => {
  if (classes.length === 0) return { probabilities: {} };
  const shares = sharesOf(outputs, classes.length);
  return {
    label: classes[decideBy(shares, classes, threshold)]!,
    probabilities: Object.fromEntries(classes.map((name, k) => [name, shares[k]!])),
  };
};

/** Outputs are divided by their sum where it is not 1, as those of a network with sigmoid outputs. */
const sharesOf = (outputs: ArrayLike<number>, count: number): number[] => {
  const shares = Array.from({ length: count }, (_, k) => Math.max(outputs[k] ?? 0, 0));
  const sum = shares.reduce((all, share) => all + share, 0);
  if (sum === 0) return shares.fill(1 / count);
  return Math.abs(sum - 1) < exactWithin ? shares : shares.map((share) => share / sum);
};

/** A sum of probabilities this close to 1 is 1 but for rounding. */
const exactWithin = 1e-9;

/** The number that a learner predicts for x, with the interval where it gives one. */
const namedNumber = (
  learner: Learner,
  x: ArrayLike<number>,
  coverage: number,
): NumberPrediction => {
  const [value = Number.NaN] = learner.predict(x);
  return learner.interval ? { value, interval: learner.interval(x, coverage) } : { value };
};

/** A row as the learner takes it, and as it came. */
interface NamedRow {
  readonly x: ArrayLike<number>;
  readonly features: object;
}

/** What the positions of a vector and the outputs stand for. */
interface ModelNames {
  readonly slots: readonly Slot[];
  readonly recycled: number;
  /** Absent in a regression. */
  readonly classes: readonly string[] | undefined;
}

/** Gives the predictions of one learner names. */
export class PredictionNames {
  readonly #learner: Learner;
  readonly #threshold: Threshold | undefined;
  readonly #known = new KnownFeatures();

  /** Throws a RangeError where the threshold has no probability above 0 and below 1. */
  constructor(learner: Learner, threshold: Threshold | undefined) {
    if (threshold !== undefined) checkThreshold(threshold);
    this.#learner = learner;
    this.#threshold = threshold;
  }

  /** The position of the class that outputs decide for: the likeliest, or as the threshold says. */
  decide(outputs: ArrayLike<number>, classes: readonly string[]): number {
    return decideBy(outputs, classes, this.#threshold);
  }

  /** The prediction for a row. Changes nothing. */
  predict(
    { x, features }: NamedRow,
    names: ModelNames,
    { coverage = 0.9 }: NamedPredictionOptions,
  ): NamedPrediction {
    const { classes } = names;
    const prediction = classes
      ? namedClass(this.#learner.predict(x), classes, this.#threshold)
      : namedNumber(this.#learner, x, coverage);
    const unknown = this.#known.unknownIn(features, names);
    return unknown === undefined ? prediction : { ...prediction, unknown };
  }
}
