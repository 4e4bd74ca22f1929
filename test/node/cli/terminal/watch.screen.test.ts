import ansis from 'ansis';
import { describe, expect, it } from 'vitest';
import type { CostFrame, EventEntry, MetricsFrame } from '../../../../src/client/index.ts';
import { costJson, eventLine, plainLine, screen } from '../../../../src/node/cli/terminal/watch.ts';
import type { Watched } from '../../../../src/node/cli/terminal/watched.ts';

const frame = { sid: 1, seq: 2, prev: 1, step: 12_345, at: 1_000 };

const cost: CostFrame = {
  ...frame,
  t: 'cost',
  n: 12_345,
  sum: 1_234.5,
  sumSquares: 500,
  windowed: { n: 1_000, mean: 0.04, min: 0.001, max: 0.9 },
  nonFinite: 3,
};

const metrics: MetricsFrame = {
  ...frame,
  t: 'metrics',
  samplesPerSecond: 51_200,
  lag: 0,
  dropped: 0,
  rejected: 0,
  metrics: { accuracy: 0.95, logLoss: null },
  baseline: { accuracy: 0.1 },
  layers: [{ name: 'l0.W', updateRatio: 0.0021, gradientNorm: 0.5, deadUnits: 3 }],
  process: { rss: 1, eventLoopDelay: 1 },
  viewers: 1,
  subscribers: { live: 1, conflated: 0, lagged: 0 },
};

const event: EventEntry = {
  ...{ t: 'events', sid: 2, seq: 1, at: 0, step: 90, kind: 'drift' },
  message: 'the cost has risen '.repeat(20),
};

const weights = {
  ...{ epoch: 'E', step: 12_345, seq: 2, at: 1_000, parameters: Float32Array.of(3, 4) },
  tensors: new Map([['l0.W', { shape: [1, 2], values: Float32Array.of(3, 4) }]]),
};

const watched: Watched = {
  state: { phase: 'live', reason: 'connected' },
  ...{ cost, metrics, weights, events: [event] },
  curve: (points) => Array.from({ length: points }, (_, i) => [i, 1 / (i + 1), 0, 1]),
};

const plain = (known: Watched, room = { columns: 100, rows: 50 }): string[] =>
  screen(known, { ...room, now: 1_042 }).map((line) => ansis.strip(line));

describe('the picture of a model in a terminal', () => {
  it('has J_total first, then the measures with their baseline, the layers and the events', () => {
    const text = plain(watched).join('\n');
    for (const part of [
      /● live/,
      /51,200 samples\/s {2}· {2}42 ms old/,
      /J_total {2}0\.1000 {2}over 12,345 {2}3 not finite/,
      /recent {3}0\.04000 {2}over the last 1,000/,
      /accuracy +0\.9500 +0\.1000 {2}█+░/,
      /logLoss +– +–/,
      /l0\.W +1×2 +5\.000 +0\.5000 +0\.002100 +3$/m,
      /drift +step 90/,
    ]) {
      expect(text).toMatch(part);
    }
  });

  it('fits into what room there is', () => {
    const lines = plain(watched, { columns: 60, rows: 12 });
    expect(lines).toHaveLength(11);
    const all = plain(watched, { columns: 60, rows: 50 });
    expect(Math.max(...all.map((line) => line.length))).toBeLessThan(60);
  });

  it.each([1, 10, 20, 44, 45, 46, 80, 200])('fits into %i columns, and uses them', (columns) => {
    const measures = {
      ...{ accuracy: 0.95, 'balancedAccuracy.windowed': 0.5, f1: 1, cohenKappa: -0.1 },
    };
    const known = { ...watched, metrics: { ...metrics, metrics: measures } };
    const lines = plain(known, { columns, rows: 50 });
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(
      Math.max(1, columns - 1),
    );
    if (columns === 200) {
      expect(lines.some((line) => line.length === 199)).toBe(true);
      const starts = lines.filter((line) => /^(accuracy|balanced|f1)/.test(line));
      // The numbers of all measures stand in one column, whatever their names are.
      expect(new Set(starts.map((line) => line.indexOf('█'))).size).toBe(1);
    }
  });

  it('says that a source has ended, that it is silent, or that the model is frozen', () => {
    const shown = (model: object, now: number): string => {
      const known = { ...watched, welcome: { epoch: 'E', model: { name: 'm', ...model } } };
      const lines = screen(known as Watched, { columns: 80, rows: 50, now });
      return lines
        .slice(0, 2)
        .map((line) => ansis.strip(line))
        .join('\n');
    };
    const source = { name: 'a.csv', replayable: false, ended: 'finished after 17,379 samples' };
    expect(shown({ source }, 2_000)).toMatch(/○ finished after 17,379 samples\n/);
    expect(shown({ source }, 2_000)).not.toContain('samples/s');
    expect(shown({ frozen: true }, 2_000)).toMatch(/○ frozen: it predicts, and does not learn\n/);
    expect(shown({}, 41_500)).toMatch(/○ no sample for 41 s\n/);
    expect(shown({}, 2_000)).toMatch(/● live\n51,200 samples\/s/);
  });

  it('says that it waits before the first sample, and why when the connection is lost', () => {
    const state = { phase: 'reconnecting', reason: 'the connection was lost', retryMs: 1_500 };
    const known = { state, events: [], curve: () => [] } as Watched;
    const text = plain(known).join('\n');
    expect(text).toContain('○ the connection was lost, trying again in 2 s');
    expect(text).toContain('waiting for the first sample');
  });
});

describe('the lines of a model', () => {
  it('say step, J_total, the first measure and the speed', () => {
    expect(plainLine(watched)).toBe(
      'step 12,345  J_total 0.1000  recent 0.04000  accuracy 0.9500 (no change 0.1000)  51,200/s',
    );
    expect(eventLine({ ...event, message: 'the cost has risen' })).toBe(
      'drift at step 90: the cost has risen',
    );
  });

  it('are JSON with J_total beside its sums, null before the first sample', () => {
    expect(JSON.parse(costJson(cost))).toMatchObject({
      step: 12_345,
      totalCost: 0.1,
      sum: 1_234.5,
    });
    expect(JSON.parse(costJson({ ...cost, n: 0 }))).toMatchObject({ totalCost: null });
  });
});
