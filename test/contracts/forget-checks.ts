import { describe, expect, test } from 'vitest';
import type { Learner } from '../../src/learn/learner.ts';
import type { LearnerTask, TaskOptions } from '../../src/learn/targets.ts';
import { initialRandom, type RandomMemory, randomNormal } from '../../src/math/random.ts';
import { digest } from '../learn/digest.ts';
import type { MakeLearner } from './estimator-checks.ts';

/** What a learner must do that can forget inputs. */
export const forgetChecks = (name: string, make: MakeLearner): void => {
  describe.each(['classification', 'regression'] as const)(`${name} forgets, %s`, (task) => {
    const made = (): Learner => trained(make, task);

    test('an input has no say in a prediction once it is forgotten', () => {
      const learner = made();
      expect(differs(learner)).toBe(true);
      learner.forget!([1]);
      expect(differs(learner)).toBe(false);
    });

    test('to forget an input that was never there changes no prediction', () => {
      const learner = made();
      learner.grow!(4, learner.outputCount);
      train(learner, initialRandom(5), { task, samples: 50, last: Number.NaN });
      const before = predictions(learner);
      learner.forget!([3]);
      expect(predictions(learner)).toEqual(before);
    });

    test('a forgotten input is learned again, and ends in the same bits from a copy', () => {
      const [one, other] = [made(), made()];
      one.forget!([1]);
      other.load(one.save());
      for (const learner of [one, other]) train(learner, initialRandom(6), { task, samples: 60 });
      expect(digest(other.save())).toBe(digest(one.save()));
      expect(differs(one)).toBe(true);
    });

    test('it refuses what is no input, and has changed nothing then', () => {
      const learner = made();
      const before = digest(learner.save());
      for (const input of [3, -1, 0.5])
        expect(() => learner.forget!([0, input])).toThrow(RangeError);
      expect(digest(learner.save())).toBe(before);
    });
  });
};

interface Training {
  readonly task: LearnerTask;
  readonly samples: number;
  /** The last input of each sample. Default: random. */
  readonly last?: number;
}

const train = (learner: Learner, random: RandomMemory, { task, samples, last }: Training): void => {
  for (let i = 0; i < samples; i += 1) {
    const x = Array.from({ length: learner.inputCount }, () => randomNormal(random));
    if (last !== undefined) x[x.length - 1] = last;
    const sum = x[0]! + 2 * x[1]!;
    learner.learn(x, task === 'regression' ? [sum] : sum > 0 ? [1, 0] : [0, 1]);
  }
};

const trained = (make: MakeLearner, task: LearnerTask): Learner => {
  const options: TaskOptions = {
    task,
    inputCount: 3,
    outputCount: task === 'regression' ? 1 : 2,
    seed: 3,
  };
  const learner = make(options);
  train(learner, initialRandom(4), { task, samples: 400 });
  return learner;
};

const predictions = (learner: Learner): number[][] => {
  const random = initialRandom(8);
  return Array.from({ length: 10 }, () => {
    const x = Array.from({ length: learner.inputCount }, () => randomNormal(random));
    return [...learner.predict(x)];
  });
};

/** Whether predictions depend on the second input. */
const differs = (learner: Learner): boolean =>
  [...learner.predict([0.5, -2, 1])].some((value, k) => value !== learner.predict([0.5, 2, 1])[k]);
