import { pool } from '../../../src/learn/pool/pool.ts';
import type { MakeLearner } from '../estimator-checks.ts';

export const make: MakeLearner = pool;
