import type { Task } from '../encode/task.ts';
import { type FadingOptions, fading } from './fading.ts';
import type { Metric, Metrics } from './metric.ts';
import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  kappaTemporal,
  logLoss,
  macroF1,
  mae,
  r2,
  rmse,
  rocAuc,
} from './metrics/index.ts';
import { together } from './together.ts';
import { type WindowedOptions, windowed } from './windowed.ts';

/** Metrics by name. */
export type NamedMetrics = Readonly<Record<string, Metric>>;

/** The metrics that are usual for classes. */
export const classificationMetrics = (): NamedMetrics => ({
  accuracy: accuracy(),
  balancedAccuracy: balancedAccuracy(),
  cohenKappa: cohenKappa(),
  kappaTemporal: kappaTemporal(),
  logLoss: logLoss(),
  macroF1: macroF1(),
  rocAuc: rocAuc(),
});

/** The metrics that are usual for numbers. */
export const regressionMetrics = (): NamedMetrics => ({ mae: mae(), r2: r2(), rmse: rmse() });

/**
 * Each metric over everything, over the newest samples (`accuracy.windowed`) and with a fading past
 * (`accuracy.fading`). Metrics are given by name.
 */
export const threeWays = (
  metrics: NamedMetrics,
  options: WindowedOptions & FadingOptions = {},
): Metrics => ({
  ...metrics,
  windowed: windowed(together(renamed(metrics, 'windowed')), options),
  fading: fading(together(renamed(metrics, 'fading')), options),
});

/** What is measured where nobody chose: the usual metrics of a task, three ways. */
export const standardMetrics = (task: Task): Metrics =>
  threeWays(task === 'classification' ? classificationMetrics() : regressionMetrics());

const renamed = (metrics: NamedMetrics, way: string): NamedMetrics =>
  Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [`${name}.${way}`, metric]));
