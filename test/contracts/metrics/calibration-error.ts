import type { Outcome } from '../../../src/evaluate/metric.ts';
import { type Formula, isRight, total } from '../metric-sums.ts';

/** Over ten bins of confidence: the mean gap between confidence and accuracy. */
export const formula: Formula = (outcomes) => {
  const binOf = ({ prediction, predictedClass }: Outcome) =>
    Math.min(Math.floor(prediction[predictedClass]! * 10), 9);
  const gaps = Array.from({ length: 10 }, (_, bin) => {
    const inside = outcomes.filter((outcome) => binOf(outcome) === bin);
    const confidence = total(inside, (o) => o.prediction[o.predictedClass]!);
    return Math.abs(confidence - total(inside, (o) => (isRight(o) ? 1 : 0)));
  });
  return gaps.reduce((sum, gap) => sum + gap, 0) / total(outcomes, () => 1);
};
