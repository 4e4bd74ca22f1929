import { describe, expect, it } from 'vitest';
import { type Pool, pool } from '../../../src/learn/pool/pool.ts';
import type { LearnerTask } from '../../../src/learn/targets.ts';
import {
  initialRandom,
  type RandomMemory,
  randomIndex,
  randomNormal,
} from '../../../src/math/random.ts';
import { spareByteLength } from '../../../src/math/wasm/arena.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { digest } from '../digest.ts';

/** Learns some samples of a learner's own size. */
const train = (learner: Pool, random: RandomMemory, { task, samples }: Training): void => {
  for (let i = 0; i < samples; i += 1) {
    const x = Array.from({ length: learner.inputCount }, () => randomNormal(random));
    const label = randomIndex(random, learner.outputCount);
    x[0] = label;
    const y = Array.from({ length: learner.outputCount }, (_, k) => (k === label ? 1 : 0));
    learner.learn(x, task === 'classification' ? y : [x[0] + x.at(-1)!]);
  }
};

interface Training {
  readonly task: LearnerTask;
  readonly samples: number;
}

/** A learner without capacity: it was made for the size that it has. */
const restored = (learner: Pool, task: LearnerTask): Pool => {
  const { inputCount, outputCount } = learner;
  const other = pool({ task, inputCount, outputCount });
  other.load(learner.save());
  return other;
};

describe('a pool that grows', () => {
  it.each(['classification', 'regression'] as const)(
    'ends in the same bits whether it has capacity or was restored before each growth: %s',
    (task) => {
      const random = initialRandom(7);
      let [inputs, outputs] = [1, 1];
      const grown = pool({ task, inputCount: inputs, outputCount: outputs });
      let fresh = restored(grown, task);
      for (let growth = 0; growth < 25; growth += 1) {
        inputs += randomIndex(random, 4);
        if (task === 'classification') outputs += randomIndex(random, 9);
        fresh = restored(fresh, task);
        for (const learner of [grown, fresh]) {
          learner.grow(inputs, outputs);
          train(learner, initialRandom(growth), { task, samples: 12 });
        }
        expect(digest(fresh.save())).toBe(digest(grown.save()));
      }
    },
  );

  it('takes less than 10 MB for 100 new classes, one after the other', () => {
    collectGarbage();
    const before = process.memoryUsage().external - spareByteLength();
    const learner = pool({ task: 'classification', inputCount: 10, outputCount: 1 });
    const random = initialRandom(1);
    for (let classes = 2; classes <= 100; classes += 1) {
      learner.grow(10, classes);
      train(learner, random, { task: 'classification', samples: 1 });
    }
    // Not collected: what it leaves behind on its way counts as well.
    expect(process.memoryUsage().external - before).toBeLessThan(10e6);
  });
});
