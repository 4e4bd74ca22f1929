import { from } from 'rxjs';
import { standardise } from '../src/encode/operators.ts';
import { scaler } from '../src/encode/standardise.ts';
import { evaluation } from '../src/evaluate/evaluation.ts';
import { accuracy } from '../src/evaluate/metrics/index.ts';
import { evaluate } from '../src/evaluate/operators.ts';
import { learning } from '../src/learn/learning.ts';
import { Network } from '../src/learn/network.ts';
import { learn } from '../src/learn/operators.ts';
import { snapshot } from '../src/snapshot/operators.ts';
import { Summary } from '../src/snapshot/summary.ts';
import { digitSamples } from '../src/sources/digits.ts';
import type { Sample } from '../src/sources/sample.ts';
import type { Bench } from './report.ts';
import { workloadOf } from './workloads.ts';

type Run = (samples: readonly Sample[]) => void;

/** The whole stream against the same stages in a loop, and against the learning step alone. */
export const pipeline: Bench = {
  name: 'pipeline',
  about:
    'W1: samples a second through standardise, learn, evaluate (with the total cost), snapshot',
  run() {
    const digits = digitSamples();
    const scaled = standardised(digits);
    const runs: Record<string, [Run, readonly Sample[]]> = {
      'rxjs pipeline': [throughOperators(), digits],
      'the same stages in a loop': [throughLoop(), digits],
      'bare kernel': [throughKernel(), scaled],
      ...stageRuns(),
    };
    const rates = Object.fromEntries(Object.keys(runs).map((name) => [name, 0]));
    for (let round = 0; round < 60; round++) {
      for (const [name, [run, samples]] of Object.entries(runs)) {
        rates[name] = Math.max(rates[name]!, rateOf(run, samples));
      }
    }
    const all = rates['rxjs pipeline']!;
    return {
      rows: Object.entries(rates).map(([stages, rate]) => ({
        stages,
        'samples/s': rate,
        'ns each': 1e9 / rate,
      })),
      figures: [
        {
          name: 'pipeline ÷ loop',
          value: all / rates['the same stages in a loop']!,
          atLeast: 0.85,
        },
        { name: 'pipeline ÷ bare kernel', value: all / rates['bare kernel']!, atLeast: 0.5 },
      ],
    };
  },
};

const rateOf = (run: Run, samples: readonly Sample[]): number => {
  const start = performance.now();
  run(samples);
  return (1000 * samples.length) / (performance.now() - start);
};

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

/** Single stages, to see where the time goes. */
const stageRuns = (): Record<string, [Run, readonly Sample[]]> => {
  const digits = digitSamples();
  const scale = scaler();
  const scaling = scale.initial();
  const learner = learning(network());
  const learned = learner.initial();
  return {
    'standardise alone': [
      (samples) => {
        for (const sample of samples) scale.update(scaling, sample);
      },
      digits,
    ],
    'learn alone': [
      (samples) => {
        for (const sample of samples) learner.update(learned, sample);
      },
      standardised(digits),
    ],
  };
};

const standardised = (samples: readonly Sample[]): Sample[] => {
  const part = scaler();
  const memory = part.initial();
  return samples.map((sample) => part.update(memory, sample));
};
