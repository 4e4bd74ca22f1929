import { classesIn, type Formula, isRight, mean, share } from '../metric-sums.ts';

/** The mean over the classes of the share that was predicted. */
export const formula: Formula = (outcomes) =>
  mean(
    classesIn(outcomes).map((k) =>
      share(
        outcomes.filter(({ trueClass }) => trueClass === k),
        isRight,
      ),
    ),
  );
