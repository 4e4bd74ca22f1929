import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Detector } from '../../src/evaluate/detector.ts';
import { adwin, ddm, hddmA, kswin, pageHinkley } from '../../src/evaluate/detectors/index.ts';

interface Golden {
  readonly sequences: Readonly<Record<'real' | 'bits', readonly number[]>>;
  readonly detectors: readonly {
    readonly detector: string;
    readonly parameters: Readonly<Record<string, number>>;
    readonly sequence: 'real' | 'bits';
    readonly fires: readonly number[];
  }[];
}

const path = new URL('../golden/online.json', import.meta.url);
const golden: Golden = JSON.parse(readFileSync(path, 'utf8'));

/** River's names of the parameters, as ours. */
const made: Readonly<Record<string, (parameters: Readonly<Record<string, number>>) => Detector>> = {
  adwin: (p) =>
    adwin({
      delta: p['delta']!,
      clock: p['clock']!,
      bucketsMax: p['max_buckets']!,
      partMin: p['min_window_length']!,
      gracePeriod: p['grace_period']!,
    }),
  pageHinkley: (p) =>
    pageHinkley({
      warmup: p['min_instances']!,
      delta: p['delta']!,
      threshold: p['threshold']!,
      alpha: p['alpha']!,
    }),
  ddm: (p) =>
    ddm({
      warmup: p['warm_start']!,
      warningAt: p['warning_threshold']!,
      alarmAt: p['drift_threshold']!,
    }),
  hddmA: (p) =>
    hddmA({
      alarmConfidence: p['drift_confidence']!,
      warningConfidence: p['warning_confidence']!,
    }),
};

const alarmsOf = (detector: Detector, values: readonly number[]): number[] => {
  const memory = detector.initial();
  return [...values.keys()].filter((i) => detector.update(memory, values[i]!) === 'alarm');
};

const exact = golden.detectors.filter(({ detector }) => detector !== 'kswin');

test.each(exact)('$detector fires where that of River does, on $sequence', (wanted) => {
  const detector = made[wanted.detector]!(wanted.parameters);
  expect(alarmsOf(detector, golden.sequences[wanted.sequence])).toEqual(wanted.fires);
});

test('kswin fires at the same values for the same seed, soon after each of the two changes', () => {
  const alarms = alarmsOf(kswin({ seed: 7 }), golden.sequences.real);
  expect(alarms).toEqual([716, 1821]);
});
