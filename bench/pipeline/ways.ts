import { from } from 'rxjs';
import { standardise } from '../../src/encode/operators.ts';
import { scaler } from '../../src/encode/standardise.ts';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { accuracy } from '../../src/evaluate/metrics/index.ts';
import { evaluate } from '../../src/evaluate/operators.ts';
import { learning } from '../../src/learn/learning.ts';
import { Network } from '../../src/learn/network.ts';
import { learn } from '../../src/learn/operators.ts';
import { snapshot } from '../../src/snapshot/operators.ts';
import { Summary } from '../../src/snapshot/summary.ts';
import { digitSamples } from '../../src/sources/digits.ts';
import type { Sample } from '../../src/sources/sample.ts';
import { workloadOf } from '../workloads.ts';

type Run = (samples: readonly Sample[]) => void;

const network = (): Network => new Network(workloadOf('W1').network);

const metrics = { accuracy: accuracy() };

/** Standardises in the kernel, on the way to the input layer. */
const standardising = (): Network =>
  new Network({ ...workloadOf('W1').network, standardise: true });

const throughOperators = (): Run => {
  const net = standardising();
  const memory = evaluation(metrics).initial();
  return (samples) => {
    from(samples).pipe(learn(net), evaluate(metrics, { memory }), snapshot(net)).subscribe();
  };
};

const throughSeparateStages = (): Run => {
  const net = network();
  const memories = { scaler: scaler().initial(), evaluation: evaluation(metrics).initial() };
  return (samples) => {
    from(samples)
      .pipe(
        standardise({ memory: memories.scaler }),
        learn(net),
        evaluate(metrics, { memory: memories.evaluation }),
        snapshot(net),
      )
      .subscribe();
  };
};

const throughLoop = (): Run => {
  const net = standardising();
  const [learner, evaluator] = [learning(net), evaluation(metrics)];
  const memory = { learner: learner.initial(), evaluator: evaluator.initial() };
  return (samples) => {
    const summary = new Summary(net);
    for (const sample of samples) {
      const update = learner.update(memory.learner, sample);
      summary.add(evaluator.update(memory.evaluator, update));
    }
    summary.snapshot();
  };
};

const throughKernel = (): Run => {
  const net = network();
  return (samples) => {
    for (const { x, y } of samples) net.learn(x, y!);
  };
};

const throughScaler = (): Run => {
  const part = scaler();
  const memory = part.initial();
  return (samples) => {
    for (const sample of samples) part.update(memory, sample);
  };
};

const throughLearning = (): Run => {
  const part = learning(network());
  const memory = part.initial();
  return (samples) => {
    for (const sample of samples) part.update(memory, sample);
  };
};

/** So many digits take some 33 ms, after which a stream is snapshotted by default. */
const passes = 18;

const stream = (): Sample[] => Array.from({ length: passes }, digitSamples).flat();

const standardised = (samples: readonly Sample[]): Sample[] => {
  const part = scaler();
  const memory = part.initial();
  return samples.map((sample) => part.update(memory, sample));
};

/** Ways through the stream. Each is measured in a process of its own. */
export const ways: Readonly<Record<string, () => readonly [Run, readonly Sample[]]>> = {
  'rxjs pipeline': () => [throughOperators(), stream()],
  'the same stages in a loop': () => [throughLoop(), stream()],
  'bare kernel': () => [throughKernel(), standardised(stream())],
  'standardise as an operator of its own': () => [throughSeparateStages(), stream()],
  'standardise alone': () => [throughScaler(), stream()],
  'learn alone': () => [throughLearning(), standardised(stream())],
};
