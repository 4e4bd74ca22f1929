import { expect, test } from 'vitest';
import { estimatorChecks, type MakeLearner } from './estimator-checks.ts';
import { forgetChecks } from './forget-checks.ts';
import { subjectsIn } from './subjects.ts';

/** Every learner that is made for records as they come. */
const learners = subjectsIn<MakeLearner>(
  import.meta.glob('./learners/*.ts', { eager: true, import: 'make' }),
);

test('there are learners to check', () => {
  expect([...learners.keys()]).toContain('pool');
});

for (const [name, make] of learners) {
  estimatorChecks(name, make);
  forgetChecks(name, make);
}
