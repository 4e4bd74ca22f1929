import { hedge } from '../../../src/learn/hedge.ts';
import { pool } from '../../../src/learn/pool/pool.ts';
import { singleNetwork } from '../../../src/learn/single-network.ts';
import type { MakeLearner } from '../estimator-checks.ts';

export const make: MakeLearner = (options) =>
  hedge([pool(options), singleNetwork(options)], options);
