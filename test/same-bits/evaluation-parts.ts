import { encodeQ8 } from '../../src/broadcast/quantize.ts';
import { sha256 } from '../../src/broadcast/sha256.ts';
import { anomalyScorer } from '../../src/evaluate/anomaly-score.ts';
import { calibration } from '../../src/evaluate/calibration.ts';
import { comparison } from '../../src/evaluate/comparison.ts';
import { confusionMatrix } from '../../src/evaluate/confusion-matrix.ts';
import type { Detector } from '../../src/evaluate/detector.ts';
import * as detectors from '../../src/evaluate/detectors/index.ts';
import { fading } from '../../src/evaluate/fading.ts';
import { type Measure, outcome } from '../../src/evaluate/metric.ts';
import * as metrics from '../../src/evaluate/metrics/index.ts';
import { classificationMetrics, regressionMetrics } from '../../src/evaluate/standard-metrics.ts';
import { windowed } from '../../src/evaluate/windowed.ts';
import type { Update } from '../../src/learn/learner.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import {
  initialRandom,
  randomInteger,
  randomNormal,
  randomUniform,
} from '../../src/math/random.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/snapshot/checkpoint.ts';
import type { Example } from '../../src/sources/example.ts';
import { friedman } from '../../src/sources/generators/index.ts';
import { trainFrom } from '../../src/train-from.ts';
import { BitHash, hashOf } from './bit-hash.ts';
import type { Parts } from './parts.ts';
import { recordExamples } from './stream-parts.ts';

/** Measures probabilities of two classes, and hashes each value on the way. */
const measured = (measure: Measure): string => {
  const [random, memory, hash] = [initialRandom(21), measure.initial(), new BitHash()];
  for (let i = 0; i < 2000; i += 1) {
    const probability = i % 100 === 0 ? 0 : randomUniform(random);
    const truth = randomUniform(random) < 0.3 + 0.4 * probability ? 1 : 0;
    const weight = i % 4 === 0 ? 2 * randomUniform(random) : 1;
    measure.update(memory, outcome([1 - probability, probability], [1 - truth, truth], weight));
    if (i % 50 === 0) hash.add(measure.value(memory));
  }
  return hash.add(measure.value(memory)).add(memory).text;
};

const measures: Record<string, () => Measure> = {
  ...metrics,
  calibration,
  confusionMatrix,
  fading: () => fading(metrics.logLoss()),
  windowed: () => windowed(metrics.logLoss(), { size: 100 }),
};

/** A rate that rises in the middle: what all detectors may watch. */
const detected = (detector: Detector): string => {
  const [random, memory, hash] = [initialRandom(22), detector.initial(), new BitHash()];
  for (let i = 0; i < 4000; i += 1) {
    const value = randomUniform(random) < (i % 2000 < 1000 ? 0.2 : 0.5) ? 1 : 0;
    hash.add(detector.update(memory, value));
  }
  return hash.add(memory).text;
};

const updateOf = (cost: number): Update => ({
  sample: { x: [0], y: [0] },
  prediction: [0],
  cost,
  step: 1,
});

const scored = (): string => {
  const scorer = anomalyScorer({ warmUp: 20 });
  const [random, memory] = [initialRandom(23), scorer.initial()];
  const scores = Array.from({ length: 2000 }, () => {
    return scorer.update(memory, updateOf(randomNormal(random) ** 2)).anomaly;
  });
  return hashOf(scores, memory);
};

const compared = (): string => {
  const part = comparison({ warmup: 50 });
  const [random, memory, hash] = [initialRandom(24), part.initial(), new BitHash()];
  for (let i = 0; i < 2000; i += 1) {
    const champion = randomUniform(random);
    part.update(memory, { champion, challenger: champion - 0.1 * randomNormal(random) - 0.01 });
    if (i % 20 === 0) hash.add(part.value(memory));
  }
  return hash.add(memory).text;
};

const pipelineOf = (task: 'classification' | 'regression'): Pipeline =>
  new Pipeline({
    task,
    learner: pool({ task, inputCount: 1, outputCount: 1 }),
    metrics: task === 'regression' ? regressionMetrics() : classificationMetrics(),
  });

const checkpointOf = (pipeline: Pipeline): Uint8Array =>
  encodeCheckpoint({
    model: { learner: 'pool' },
    history: { epoch: 'e', logs: { events: 0, errors: 0 } },
    isFinal: true,
    step: pipeline.step,
    cost: { count: pipeline.cost.count, sum: pipeline.cost.sum },
    producers: new Map([['p', 7]]),
    source: { name: 'test', taken: pipeline.step },
    memory: pipeline.save(),
  });

/** The bytes of a checkpoint, those after a restart from it, and what is predicted then. */
const restarted = async (
  task: 'classification' | 'regression',
  examples: readonly Example[],
): Promise<string> => {
  const half = examples.length >> 1;
  const pipeline = pipelineOf(task);
  await trainFrom(examples.slice(0, half), pipeline);
  const file = checkpointOf(pipeline);
  const resumed = pipelineOf(task);
  resumed.load(decodeCheckpoint(file).memory);
  await trainFrom(examples.slice(half), resumed);
  const predictions = examples.slice(0, 20).map((example) => resumed.predict(example));
  return hashOf(file, checkpointOf(resumed), predictions);
};

const generated = async (count: number): Promise<Example[]> => {
  const examples: Example[] = [];
  await friedman({ count }).forEach((example) => {
    examples.push(example);
  });
  return examples;
};

/** What is computed from predictions, and what is kept. */
export const evaluationParts: Parts = {
  ...Object.fromEntries(
    Object.entries(measures).map(([name, make]) => [`measure ${name}`, () => measured(make())]),
  ),
  ...Object.fromEntries(
    Object.entries(detectors).map(([name, make]) => [
      `detector ${name}`,
      () => detected(make() as Detector),
    ]),
  ),
  'anomaly score': scored,
  'comparison of two learners': compared,
  'checkpoints of a classification with timestamps': () =>
    restarted('classification', recordExamples(400)),
  'checkpoints of a regression': async () => restarted('regression', await generated(400)),
  'q8 frames': () => {
    const random = initialRandom(25);
    const [base, target] = [0, 1].map(() => new Float32Array(500).map(() => randomNormal(random)));
    return hashOf(encodeQ8(base!, target!, [100, randomInteger(random, 1) + 400]), base);
  },
  'sha-256': () => hashOf(sha256('the same everywhere')),
};
