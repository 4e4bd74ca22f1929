import type { ActivationName, LossName } from 'rivulet';
import type {
  FrozenCopy,
  FrozenModel,
  LayeredCopy,
  NetworkOutline,
  PartCopy,
} from 'rivulet/frozen';
import type { LessonTopic } from '../model/topics.ts';
import type { LessonModel, LessonSample } from '../why/lesson-pass.ts';
import { partModel, partPass } from '../why/part-pass.ts';
import { skipModel } from '../why/skip-pass.ts';

const pixelName = /^p(\d+)$/;

/** Pixels in a row, where the inputs are named p0, p1, … and fill a square; else undefined. */
const pictureWidthOf = (names: readonly string[]): number | undefined => {
  const width = Math.sqrt(names.length);
  const arePixels = names.every((name, i) => Number(pixelName.exec(name)?.[1]) === i);
  return arePixels && width >= 4 && Number.isInteger(width) ? width : undefined;
};

/** A frozen copy as something to follow. Throws a TypeError where it is of parts that are a user's own. */
export const frozenTopic = (copy: FrozenCopy): LessonTopic => {
  const { network, inputs, classes, model: name, step } = copy;
  if (!network) throw new TypeError('this copy has no network');
  const samples = samplesOf(copy);
  const pictureWidth = pictureWidthOf(inputs);
  const largest = Math.max(1, ...samples.flatMap(({ x }) => x.filter(Number.isFinite)));
  const recentCount = network.kind === 'skip' ? network.recent.length : 0;
  const learned = `after ${step.toLocaleString('en')} samples`;
  const base = {
    id: 'server',
    title: name,
    samples,
    inputName: (input: number) => inputs[input] ?? `recent target ${input - inputs.length + 1}`,
    outputName: (output: number) => classes?.[output] ?? (classes ? `class ${output + 1}` : 'y'),
    ...(pictureWidth && { pictureWidth, pictureMax: largest }),
  };
  if (network.kind === 'skip') {
    const again =
      network.replays > 0
        ? ` After each sample it also learns at least ${network.replays} older ones again.`
        : '';
    return {
      ...base,
      about:
        `A frozen copy of the net “${network.name}” of ${name}, ${learned}. It is one of the experts ` +
        `of a pool; ${recentCount > 0 ? 'it also sees the latest targets' : 'it sees the inputs alone'}.${again}`,
      model: skipModel(network),
      net: network,
    };
  }
  if (network.kind === 'part') return partTopic(copy, network);
  return {
    ...base,
    about: `A frozen copy of the network of ${name}, ${learned}. The server goes on learning without it.`,
    model: layeredModel(network),
    memory: network.memory,
  };
};

/** Where no sample has come yet, one of missing values: a reader may type others. */
const samplesOf = ({ samples, inputs, classes }: FrozenModel): LessonSample[] => {
  const outputs = classes?.length ?? 1;
  if (samples.length === 0) {
    const y = Array.from({ length: Math.max(1, outputs) }, (_, k) => Number(k === 0 && !!classes));
    return [{ x: inputs.map(() => Number.NaN), y }];
  }
  return samples.toReversed().map(({ x, y }) => ({ x: Array.from(x), y: Array.from(y) }));
};

/** Some units of a large network: inputs and outputs keep their names. */
const partTopic = (
  { inputs, classes, model: name, networks, step }: FrozenCopy,
  part: PartCopy,
): LessonTopic => {
  const { parameters, sizes } = networks.find((outline) => outline.name === part.name)!;
  refuseOwnParts(part);
  const layers = part.units.map(
    (units, l) => `layer ${l + 1}: ${units.length} of ${sizes[l]!.toLocaleString('en')}`,
  );
  return {
    id: 'server',
    title: name,
    about:
      `A smaller view of the network of ${name}, which has ${parameters.toLocaleString('en')} parameters, after ` +
      `${step.toLocaleString('en')} samples: the units that matter most to its newest sample (${layers.join('; ')}). ` +
      'What the others add is one number R in each sum, so every sum is exact. Its update is not shown.',
    model: partModel(part),
    samples: [partPass(part).sample],
    inputName: (input) => inputs[part.units[0]![input]!] ?? `input ${input + 1}`,
    outputName: (output) => {
      const unit = part.units.at(-1)![output]!;
      return classes?.[unit] ?? (classes ? `class ${unit + 1}` : 'y');
    },
    part,
  };
};

const refuseOwnParts = ({ isBuiltIn, activations, loss }: LayeredCopy | PartCopy): void => {
  if (isBuiltIn) return;
  throw new TypeError(
    `this network has an activation, a loss or an optimizer of its user’s own (${[...activations, loss.name].join(', ')}): the lesson can only explain those of the library`,
  );
};

const layeredModel = (copy: LayeredCopy): LessonModel => {
  refuseOwnParts(copy);
  const { loss, optimizer, weightDecay, gradientClip, outputChangeCap } = copy;
  const { isStandardised, rate, target, memory } = copy;
  const delta = loss.options['delta'];
  return {
    sizes: memory['sizes'] as readonly number[],
    // The copy says that they are members of the library.
    activations: copy.activations as readonly ActivationName[],
    loss: loss.name as LossName,
    ...(typeof delta === 'number' && { lossDelta: delta }),
    ...{ optimizer, weightDecay, gradientClip, outputChangeCap, isStandardised, rate, target },
  };
};

/** A network that learns the newest samples of a server here, from nothing. */
export const networkLearnerTopic = (
  copy: FrozenModel & { readonly model: string },
): LessonTopic => {
  const { inputs, classes, task, model: name } = copy;
  const isClassification = task === 'classification';
  const samples = samplesOf(copy);
  const outputs = Math.max(1, samples[0]!.y.length);
  const targets = samples.map(({ y }) => y[0]!);
  const pictureWidth = pictureWidthOf(inputs);
  return {
    id: 'server',
    title: name,
    about:
      `The network learner (one hidden layer of ${learnerUnits}), which begins from nothing and learns the ` +
      `newest ${samples.length} samples of ${name} in this page.`,
    model: {
      ...learnerModel(isClassification),
      sizes: [inputs.length, learnerUnits, outputs],
      ...(!isClassification && { target: scaleOf(targets) }),
    },
    samples,
    inputName: (input) => inputs[input] ?? `input ${input + 1}`,
    outputName: (output) => classes?.[output] ?? 'y',
    ...(pictureWidth && {
      pictureWidth,
      pictureMax: Math.max(1, ...samples.flatMap(({ x }) => x)),
    }),
  };
};

/** The hidden units of the network learner. */
const learnerUnits = 64;

/** The network learner of the library: rectifiers, RMSprop at 0.01, a cap of 2 on each step. */
export const learnerModel = (isClassification: boolean): Omit<LessonModel, 'sizes' | 'target'> => ({
  activations: ['relu', isClassification ? 'softmax' : 'identity'],
  ...(isClassification ? { loss: 'crossEntropy' } : { loss: 'huber', lossDelta: 3 }),
  optimizer: {
    name: 'rmsprop',
    options: { learningRate: 0.01, decay: 0.999, epsilon: 1e-8, biasCorrection: true },
  },
  outputChangeCap: 2,
  isStandardised: true,
});

/** Mean and deviation of targets. A constant target has the deviation 1. */
export const scaleOf = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) || 1 };
};

/** A network in words, such as `fast: 64 – 32 – 32 – 10, 7,210 parameters`. */
export const outlineText = ({ name, sizes, parameters }: NetworkOutline): string =>
  `${name}: ${sizes.join(' – ')}, ${parameters.toLocaleString('en')} parameters`;
