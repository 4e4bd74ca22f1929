import { NO_CLASS, type Outcome } from './metric.ts';

/**
 * The probability that a prediction gives to a class: its output, divided by the sum of all where
 * they do not add up to one. A single output is the probability of class 1. An output below zero
 * counts as zero; a class that has no output yet has no probability, nor has any before one is known.
 */
export const probabilityOf = (
  { prediction, predictedClass }: Pick<Outcome, 'prediction' | 'predictedClass'>,
  ofClass: number,
): number => {
  if (predictedClass === NO_CLASS) return 0;
  if (prediction.length === 1) {
    const one = Math.min(Math.max(prediction[0]!, 0), 1);
    return ofClass === 1 ? one : 1 - one;
  }
  let sum = 0;
  for (let i = 0; i < prediction.length; i += 1) sum += Math.max(prediction[i]!, 0);
  if (sum === 0) return 1 / prediction.length;
  return Math.max(prediction[ofClass] ?? 0, 0) / sum;
};
