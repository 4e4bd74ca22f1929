import type { Sample } from '../sources/sample.ts';
import type { Applicable } from '../stream/stateful.ts';

/** Makes x its own target, for a learner that is to give back its input. It remembers nothing. */
export const ownTarget = (): Applicable<null, Sample, Sample> => {
  const apply = (_memory: null, sample: Sample): Sample => ({ ...sample, y: sample.x });
  return { name: 'ownTarget', initial: () => null, apply, update: apply };
};
