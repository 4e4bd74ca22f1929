import type { PredictionItem } from '../../../src/client/index.ts';
import { largestIndex } from './confusion.ts';

/** A prediction of a class beside its truth, ready to be looked at. */
export interface Guess {
  readonly step: number;
  readonly said: string;
  readonly truth: string | undefined;
  readonly isRight: boolean;
  /** The output of the class that was said. */
  readonly certainty: number;
  /** The features that came along. */
  readonly x: readonly (number | null)[];
}

/** Whether the items are about classes: labels are text, or the classes have names. */
export function isClassification(
  items: readonly PredictionItem[],
  classes: readonly string[],
): boolean {
  return classes.length > 0 || items.some(({ y }) => typeof y === 'string');
}

/** The class with the largest output, by its name; a dash where no class was known yet. */
export function guessOf(item: PredictionItem, classes: readonly string[]): Guess {
  const outputs = item.prediction.map((value) => value ?? Number.NaN);
  const best = largestIndex(outputs);
  const said = best < 0 ? '—' : (classes[best] ?? String(best));
  const truth = item.y === undefined || item.y === null ? undefined : String(item.y);
  const certainty = best < 0 ? 0 : outputs[best]!;
  return { step: item.step, said, truth, isRight: said === truth, certainty, x: item.x };
}

/** Truth and prediction of a regression as columns; without a truth there is nothing to compare. */
export interface Traces {
  readonly step: Float64Array;
  readonly truth: Float64Array;
  readonly prediction: Float64Array;
}

/** The first output beside the truth, for the items that have one. */
export function tracesOf(items: readonly PredictionItem[]): Traces {
  const known = items.filter(({ y }) => typeof y === 'number');
  return {
    step: Float64Array.from(known, ({ step }) => step),
    truth: Float64Array.from(known, ({ y }) => Number(y)),
    prediction: Float64Array.from(known, ({ prediction }) => prediction[0] ?? Number.NaN),
  };
}
