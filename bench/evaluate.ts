import { execFileSync } from 'node:child_process';
import { Observable, type OperatorFunction } from 'rxjs';
import { accuracy, logLoss, mae } from '../src/evaluate/metrics/index.ts';
import { evaluate, totalCost } from '../src/evaluate/operators.ts';
import { classificationMetrics, threeWays } from '../src/evaluate/standard-metrics.ts';
import type { Update } from '../src/learn/learner.ts';
import { initialRandom, randomUniform } from '../src/math/random.ts';
import { median } from './quantile.ts';

/** What scoring costs a sample, in time of the processor: medians of seven runs. */
const samples = 300_000;
const classes = 10;
const runs = 7;

const random = initialRandom(1);
const targets = Array.from({ length: classes }, (_, k) =>
  Float64Array.from({ length: classes }, (_, i) => (i === k ? 1 : 0)),
);
const predictions = Array.from({ length: 256 }, () =>
  Float64Array.from({ length: classes }, () => randomUniform(random)),
);
const x = new Float64Array(64);

const updates = new Observable<Update>((subscriber) => {
  for (let step = 1; step <= samples; step += 1) {
    const y = targets[(step * 7) % classes]!;
    const prediction = predictions[step & 255]!;
    subscriber.next({ step, sample: { x, y }, prediction, cost: (step % 97) / 97 });
  }
  subscriber.complete();
});

const nanosecondsASample = (operator: OperatorFunction<Update, unknown>): number => {
  const started = process.cpuUsage().user;
  updates.pipe(operator).subscribe();
  return ((process.cpuUsage().user - started) / samples) * 1e3;
};

const cases: Readonly<Record<string, () => OperatorFunction<Update, unknown>>> = {
  'the source alone': () => (source) => source,
  'totalCost()': () => totalCost(),
  'evaluate()': () => evaluate(),
  'evaluate({ accuracy })': () => evaluate({ accuracy: accuracy() }),
  'evaluate({ mae })': () => evaluate({ mae: mae() }),
  'evaluate({ accuracy, logLoss })': () => evaluate({ accuracy: accuracy(), logLoss: logLoss() }),
  'evaluate(classificationMetrics())': () => evaluate(classificationMetrics()),
  'evaluate(threeWays(classificationMetrics()))': () =>
    evaluate(threeWays(classificationMetrics())),
};

const [wanted] = process.argv.slice(2);
if (wanted === undefined) {
  // Each in a process of its own: what one case has taught the compiler slows down the next.
  for (const name of Object.keys(cases)) {
    const self = [...process.execArgv, import.meta.filename, name];
    execFileSync(process.execPath, self, { stdio: 'inherit' });
  }
} else {
  const times = Array.from({ length: runs }, () => nanosecondsASample(cases[wanted]!()));
  console.log(`${wanted.padEnd(46)} ${median(times).toFixed(0).padStart(5)} ns a sample`);
}
