import { classNames, type EncoderMemory, slotNames } from '../encode/encoder.ts';
import type { Learner, Update } from '../learn/learner.ts';
import type { LearningMemory } from '../learn/learning.ts';
import type { PartCopy } from '../learn/network-copy.ts';
import type { FreezeOptions, FrozenModel, FrozenSample } from './frozen-model.ts';
import type { RecentUpdates } from './recent-updates.ts';

/** What a pipeline remembers beside its learner. */
interface PipelineMemory {
  readonly encoder: EncoderMemory;
  readonly learning: LearningMemory;
}

/** What a pipeline knows beside what it remembers. */
interface FreezeContext extends FreezeOptions, Pick<FrozenModel, 'task'> {
  readonly recent: RecentUpdates;
}

/**
 * A frozen copy of a learner. Throws a TypeError where it has no network that can be copied, and a
 * RangeError where it has none of that name.
 */
export const freeze = (
  learner: Learner,
  { encoder, learning }: PipelineMemory,
  {
    network: wanted,
    parametersMax = Number.POSITIVE_INFINITY,
    unitsMax,
    recent,
    task,
  }: FreezeContext,
): FrozenModel => {
  const networks = learner.networks?.() ?? [];
  const outline = wanted === undefined ? networks[0] : networks.find(({ name }) => name === wanted);
  if (!outline || !learner.copyNetwork) {
    if (networks.length === 0)
      throw new TypeError('this learner has no network that can be copied');
    const names = networks.map(({ name }) => name).join(', ');
    throw new RangeError(`there is no network ${wanted} in this learner; there are ${names}`);
  }
  const samples = recent.newest().flatMap((update) => sampleOf(update, learner));
  const fits = outline.parameters <= parametersMax;
  return {
    step: learning.step,
    task,
    inputs: slotNames(encoder),
    classes: task === 'classification' ? classNames(encoder) : null,
    networks,
    network: fits
      ? learner.copyNetwork(outline.name)
      : partOf(learner, outline.name, { sample: samples.at(-1), unitsMax }),
    samples,
  };
};

const partOf = (
  learner: Learner,
  name: string,
  { sample, unitsMax }: { sample: FrozenSample | undefined; unitsMax: number | undefined },
): PartCopy | null => {
  if (unitsMax === undefined || !sample) return null;
  return learner.copyPart?.(name, sample, unitsMax) ?? null;
};

/** The sample of an update at the learner's present size: what came before it grew is missing. */
const sampleOf = (
  { step, sample: { x, y } }: Update,
  { inputCount, outputCount }: Learner,
): FrozenSample[] => {
  if (!y || x.length > inputCount || y.length > outputCount) return [];
  const wholeX = new Float64Array(inputCount).fill(Number.NaN);
  const wholeY = new Float64Array(outputCount);
  wholeX.set(x);
  wholeY.set(y);
  return [{ step, x: wholeX, y: wholeY }];
};
