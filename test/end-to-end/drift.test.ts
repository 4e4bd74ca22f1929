import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  agrawal,
  detectDrift,
  encode,
  type GeneratedStream,
  hddmA,
  learn,
  led,
  mistakeOf,
  singleNetwork,
} from '../../src/index.ts';

/** The samples at which a network's mistakes raise the alarm. */
const alarmsOn = async (examples: GeneratedStream): Promise<number[]> => {
  const learner = singleNetwork({ task: 'classification', inputCount: 1, outputCount: 2 });
  const events = examples.pipe(
    encode({ task: 'classification' }),
    learn(learner, { growing: true }),
    detectDrift(hddmA(), { of: mistakeOf }),
    toArray(),
  );
  return (await lastValueFrom(events)).map(({ step }) => step);
};

describe('a detector finds the true drifts of a stream, and no others', () => {
  test.each([
    ['led', led],
    ['agrawal', agrawal],
  ])('%s', async (_, make) => {
    const examples = make({ count: 9000, driftAt: [3000, 6000] });
    const alarms = await alarmsOn(examples);
    expect(alarms).toHaveLength(examples.drifts.length);
    for (const [i, drift] of examples.drifts.entries()) {
      expect(alarms[i]).toBeGreaterThan(drift);
      expect(alarms[i]).toBeLessThan(drift + 300);
    }
  });
});
