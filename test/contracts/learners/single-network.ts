import { singleNetwork } from '../../../src/learn/single-network.ts';
import type { MakeLearner } from '../estimator-checks.ts';

export const make: MakeLearner = singleNetwork;
