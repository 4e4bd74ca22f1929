import type { ActivationName, LossName } from 'rivulet';
import type { PartCopy } from 'rivulet/frozen';
import type { LessonModel, LessonPass } from './lesson-pass.ts';

/** A part of a network as a model of its own size. It has no optimizer: its update is not shown. */
export const partModel = ({ units, activations, loss, target }: PartCopy): LessonModel => {
  const delta = loss.options['delta'];
  return {
    sizes: units.map(({ length }) => length),
    // The copy says that they are members of the library.
    activations: activations as readonly ActivationName[],
    loss: loss.name as LossName,
    ...(typeof delta === 'number' && { lossDelta: delta }),
    optimizer: { name: 'sgd', options: { learningRate: 1 } },
    target,
  };
};

/** What a sample makes of a part of a network. What other units add is one number per sum. */
export const partPass = (part: PartCopy): LessonPass => {
  const { layers, z, h, deltas, x, y, cost, step, means, deviations, target } = part;
  const memory = { step };
  return {
    model: partModel(part),
    sample: {
      x: Array.from(x),
      y: Array.from(y, (value) => (target ? target.mean + target.deviation * value : value)),
    },
    y: Array.from(y),
    step,
    before: layers,
    z,
    h,
    cost,
    deltas,
    gradients: deltas.map((delta, l) => ({
      weights: Float64Array.from(delta).reduce(
        (all, value, to) => {
          for (const [from, input] of h[l]!.entries())
            all[to * h[l]!.length + from] = value * input;
          return all;
        },
        new Float64Array(delta.length * h[l]!.length),
      ),
      biases: delta.slice(),
    })),
    after: layers,
    optimizerBefore: memory,
    optimizerAfter: memory,
    ...(means && deviations && { scale: { means, deviations } }),
    part: { sizes: part.sizes, costByH: part.costByH },
    costWith: () => undefined,
  };
};
