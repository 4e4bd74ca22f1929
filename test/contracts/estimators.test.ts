import { hedge } from '../../src/learn/hedge.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import { estimatorChecks, type MakeLearner } from './estimator-checks.ts';
import { forgetChecks } from './forget-checks.ts';

/** Every learner that is made for records as they come. */
const estimators: Record<string, MakeLearner> = { pool, singleNetwork, seedNetwork };

for (const [name, make] of Object.entries(estimators)) estimatorChecks(name, make);

const ofTwo: MakeLearner = (options) => hedge([pool(options), singleNetwork(options)], options);
for (const [name, make] of Object.entries({ ...estimators, hedge: ofTwo }))
  forgetChecks(name, make);
