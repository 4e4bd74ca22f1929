import { describe, expect, it } from 'vitest';
import {
  columnTitle,
  measureTable,
  recentName,
} from '../../../../clients/dashboard/reduce/measure-table.ts';
import { mainMeasure, measureKind, skill } from '../../../../clients/dashboard/reduce/measures.ts';

describe('a measure', () => {
  it('is read by its name, and by what follows the dot', () => {
    expect(measureKind('accuracy')).toMatchObject({ title: 'Accuracy', isShare: true });
    expect(measureKind('accuracy.windowed').title).toBe('Accuracy, windowed');
    expect(measureKind('pinballLoss')).toMatchObject({ title: 'Pinball loss', isShare: false });
  });

  it('is the main one when it tells most, in whatever order it comes', () => {
    expect(mainMeasure({ logLoss: 1, accuracy: 0.5 })?.name).toBe('accuracy');
    expect(mainMeasure({ rmse: 1, mae: 2 })?.name).toBe('mae');
    expect(mainMeasure({ pinball: 1 })?.name).toBe('pinball');
    expect(mainMeasure({})).toBeUndefined();
  });

  it('is worth as much of the baseline’s errors as it avoids', () => {
    const [accuracy, mae] = [measureKind('accuracy'), measureKind('mae')];
    expect(skill(accuracy, 0.95, 0.5)).toBeCloseTo(0.9, 12);
    expect(skill(mae, 2, 4)).toBe(0.5);
    expect(skill(mae, 8, 4)).toBe(-1);
    expect(skill(mae, 1, 0)).toBeNaN();
  });
});

describe('the table of measures', () => {
  it('has one row per measure, and one column per range of samples', () => {
    const metrics = { accuracy: 0.9, 'accuracy.windowed': 0.95, logLoss: 0.3 };
    const table = measureTable(metrics, { accuracy: 0.1 });
    expect(table.columns.map(columnTitle)).toEqual(['Overall', 'Recent']);
    expect(table.rows).toEqual([
      { name: 'accuracy', values: [0.9, 0.95], baseline: 0.1 },
      { name: 'logLoss', values: [0.3, null], baseline: null },
    ]);
  });

  it('names the same measure over the newest samples', () => {
    expect(recentName('accuracy')).toBe('accuracy.windowed');
  });
});
