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

const throughOperators = (): Run => {
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
  const net = network();
  const [scale, learner, evaluator] = [scaler(), learning(net), evaluation(metrics)];
  const memory = {
    scale: scale.initial(),
    learner: learner.initial(),
    evaluator: evaluator.initial(),
  };
  return (samples) => {
    const summary = new Summary(net);
    for (const sample of samples) {
      const update = learner.update(memory.learner, scale.update(memory.scale, sample));
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

const standardised = (samples: readonly Sample[]): Sample[] => {
  const part = scaler();
  const memory = part.initial();
  return samples.map((sample) => part.update(memory, sample));
};

/** Ways through the stream. Each is measured in a process of its own. */
export const ways: Readonly<Record<string, () => readonly [Run, readonly Sample[]]>> = {
  'rxjs pipeline': () => [throughOperators(), digitSamples()],
  'the same stages in a loop': () => [throughLoop(), digitSamples()],
  'bare kernel': () => [throughKernel(), standardised(digitSamples())],
  'standardise alone': () => [throughScaler(), digitSamples()],
  'learn alone': () => [throughLearning(), standardised(digitSamples())],
};
