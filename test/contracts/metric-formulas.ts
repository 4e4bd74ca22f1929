import type { Outcome } from '../../src/evaluate/metric.ts';

type Formula = (outcomes: readonly Outcome[]) => number;

const total = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + outcome.weight * of(outcome), 0);

const meanOf = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  total(outcomes, of) / total(outcomes, () => 1);

const isRight = ({ trueClass, predictedClass }: Outcome): boolean => trueClass === predictedClass;

const overOutputs = ({ y }: Outcome, of: (i: number) => number): number =>
  Array.from(y, (_, i) => of(i)).reduce((sum, value) => sum + value, 0) / y.length;

const classesIn = (outcomes: readonly Outcome[]): number[] => [
  ...new Set(outcomes.map(({ trueClass }) => trueClass)),
];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const share = (outcomes: readonly Outcome[], has: (outcome: Outcome) => boolean): number =>
  meanOf(outcomes, (outcome) => (has(outcome) ? 1 : 0));

/** Each metric as its definition says, over a whole batch at once. Two outputs, y one-hot. */
export const formulas: Readonly<Record<string, Formula>> = {
  accuracy: (outcomes) => share(outcomes, isRight),
  balancedAccuracy: (outcomes) =>
    mean(
      classesIn(outcomes).map((k) =>
        share(
          outcomes.filter(({ trueClass }) => trueClass === k),
          isRight,
        ),
      ),
    ),
  calibrationError: (outcomes) => {
    const binOf = ({ prediction, predictedClass }: Outcome) =>
      Math.min(Math.floor(prediction[predictedClass]! * 10), 9);
    const gaps = Array.from({ length: 10 }, (_, bin) => {
      const inside = outcomes.filter((outcome) => binOf(outcome) === bin);
      const confidence = total(inside, (o) => o.prediction[o.predictedClass]!);
      return Math.abs(confidence - total(inside, (o) => (isRight(o) ? 1 : 0)));
    });
    return gaps.reduce((sum, gap) => sum + gap, 0) / total(outcomes, () => 1);
  },
  cohenKappa: (outcomes) => {
    const chance = [0, 1]
      .map(
        (k) =>
          share(outcomes, (o) => o.trueClass === k) *
          share(outcomes, (o) => o.predictedClass === k),
      )
      .reduce((sum, value) => sum + value, 0);
    return (share(outcomes, isRight) - chance) / (1 - chance);
  },
  kappaTemporal: (outcomes) => {
    const later = outcomes.slice(1);
    const before = new Map(later.map((outcome, i) => [outcome, outcomes[i]!.trueClass]));
    const unchanged = share(later, (outcome) => before.get(outcome) === outcome.trueClass);
    return (share(later, isRight) - unchanged) / (1 - unchanged);
  },
  logLoss: (outcomes) => meanOf(outcomes, (o) => -Math.log(o.prediction[o.trueClass]!)),
  macroF1: (outcomes) =>
    mean(
      [0, 1].map((k) => {
        const right = total(outcomes, (o) => (isRight(o) && o.trueClass === k ? 1 : 0));
        const precision = right / total(outcomes, (o) => (o.predictedClass === k ? 1 : 0));
        const recall = right / total(outcomes, (o) => (o.trueClass === k ? 1 : 0));
        return (2 * precision * recall) / (precision + recall);
      }),
    ),
  mae: (outcomes) =>
    meanOf(outcomes, (o) => overOutputs(o, (i) => Math.abs(o.y[i]! - o.prediction[i]!))),
  r2: (outcomes) =>
    mean(
      [0, 1].map((i) => {
        const middle = meanOf(outcomes, ({ y }) => y[i]!);
        const residual = total(outcomes, ({ y, prediction }) => (y[i]! - prediction[i]!) ** 2);
        return 1 - residual / total(outcomes, ({ y }) => (y[i]! - middle) ** 2);
      }),
    ),
  rmse: (outcomes) =>
    Math.sqrt(meanOf(outcomes, (o) => overOutputs(o, (i) => (o.y[i]! - o.prediction[i]!) ** 2))),
  rocAuc: (outcomes) => {
    const ones = outcomes.filter(({ trueClass }) => trueClass === 1);
    const zeros = outcomes.filter(({ trueClass }) => trueClass === 0);
    const beats = (one: Outcome, zero: Outcome) =>
      (Math.sign(one.prediction[1]! - zero.prediction[1]!) + 1) / 2;
    return meanOf(ones, (one) => meanOf(zeros, (zero) => beats(one, zero)));
  },
  smape: (outcomes) =>
    meanOf(outcomes, (o) =>
      overOutputs(o, (i) => {
        const gap = Math.abs(o.y[i]! - o.prediction[i]!);
        return gap === 0 ? 0 : (2 * gap) / (Math.abs(o.y[i]!) + Math.abs(o.prediction[i]!));
      }),
    ),
};
