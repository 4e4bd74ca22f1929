import type { Expert } from '../expert.ts';
import type { Sizes } from '../sizes.ts';
import { CrowdExpert } from './crowd.ts';
import { ForestExpert } from './forest/forest.ts';
import { LabelsExpert } from './labels.ts';
import { LinearExpert } from './linear.ts';
import { NeighboursExpert } from './neighbours.ts';
import { NetExpert } from './net.ts';
import { WideExpert } from './wide.ts';

/**
 * The experts of a pool. They differ in how fast they learn, how long they remember, and what they
 * can express: on any stream one of them should do well. `bench/accuracy.md` says what each is worth.
 */
export const expertsFor = (sizes: Sizes, seed: number): Expert[] => {
  const net = { seesRecent: true, replays: 0 } as const;
  const neighbours = new NeighboursExpert(sizes);
  const shared: Expert[] = [
    new LinearExpert(sizes),
    new NetExpert(
      { ...net, name: 'fast', rule: 'rms', rate: 0.01, scaling: 'fading', seed: 4 * seed },
      sizes,
    ),
    new NetExpert(
      { ...net, name: 'steady', rule: 'rms', rate: 0.003, scaling: 'steady', seed: 4 * seed + 1 },
      sizes,
    ),
    new NetExpert(
      {
        name: 'replaying',
        rule: 'adagrad',
        rate: 0.1,
        scaling: 'steady',
        seesRecent: false,
        replays: 3,
        seed: 4 * seed + 2,
      },
      sizes,
    ),
    neighbours,
    new CrowdExpert(neighbours),
    new ForestExpert(sizes, 4 * seed + 3),
  ];
  const own = sizes.classCount > 0 ? new LabelsExpert(sizes) : new WideExpert(sizes, 4 * seed);
  return [...shared, own];
};
