import { type Formula, isRight, share } from '../metric-sums.ts';

/** The share of outcomes whose class was predicted. */
export const formula: Formula = (outcomes) => share(outcomes, isRight);
