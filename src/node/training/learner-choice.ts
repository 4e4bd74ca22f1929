import { scaleBy } from '../../encode/scale-by.ts';
import type { Learner } from '../../learn/learner.ts';
import { Network } from '../../learn/network.ts';
import { sgd } from '../../learn/optimizers/sgd.ts';
import { pool } from '../../learn/pool/pool.ts';
import { seedNetwork, singleNetwork } from '../../learn/single-network.ts';
import type { TaskOptions } from '../../learn/targets.ts';
import type { Scaling } from '../../pipeline.ts';

/** The learners that the command line offers. */
export const learnerNames = ['pool', 'network', 'seed'] as const;

/** One of {@link learnerNames}. */
export type LearnerName = (typeof learnerNames)[number];

/** Who learns, and what stands before it. */
export interface LearnerChoice {
  readonly learner: Learner;
  readonly scaling?: Scaling;
}

interface LearnerExtras {
  /** What all features lie below, where that is known. */
  readonly featureMax?: number;
  /** Whether a pool lets all classes weigh the same. Default false. */
  readonly isBalanced?: boolean;
}

/** A new learner by its name. */
export const chooseLearner = (
  name: LearnerName,
  { featureMax, isBalanced = false, ...size }: TaskOptions & LearnerExtras,
): LearnerChoice => {
  if (name === 'pool') {
    return { learner: pool(isBalanced ? { ...size, classWeights: 'balanced' } : size) };
  }
  if (name === 'network') return { learner: singleNetwork(size) };
  if (featureMax === undefined) return { learner: seedNetwork(size) };
  return { learner: plainSeedNetwork(size), scaling: scaleBy(1 / featureMax) };
};

/** The seed network of features that are scaled already: [inputs, 30, outputs], SGD 0.25. */
const plainSeedNetwork = ({ inputCount, outputCount, seed = 1 }: TaskOptions): Learner =>
  new Network({
    sizes: [inputCount, 30, outputCount],
    optimizer: sgd({ learningRate: 0.25 }),
    seed,
  });
