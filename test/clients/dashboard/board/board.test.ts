import { describe, expect, it, vi } from 'vitest';
import { Board } from '../../../../clients/dashboard/board/board.ts';
import type { ErrorEntry, PredictionsFrame } from '../../../../src/client/index.ts';
import { costAt, eventAt, metricsAt } from './frames.ts';

const makeBoard = (now = 2_000_000): Board => new Board({ now: () => now });

const predictions = (...steps: number[]): PredictionsFrame => ({
  t: 'predictions',
  sid: 4,
  seq: 1,
  prev: 0,
  step: steps.at(-1) ?? 0,
  at: 1_000_000,
  seen: 0,
  items: steps.map((step) => ({ step, x: [], y: 'a', prediction: [1], cost: 0 })),
});

describe('the board', () => {
  it('shows what came last, and the way there as a curve', () => {
    const board = makeBoard();
    board.takeCost(costAt(100, { mean: 0.8 }));
    board.takeCost(costAt(200, { mean: 0.4 }));
    board.takeMetrics(metricsAt(200, 0.9));
    const view = board.view();
    expect(view.step).toBe(200);
    expect(view.cost?.n).toBe(200);
    expect([...view.costCurve.step]).toEqual([100, 200]);
    expect([...view.costCurve.overall]).toEqual([0.8, 0.4]);
    expect([...view.scoreCurve.recent]).toEqual([0.45]);
  });

  it('gives the same curve until a point comes, so that nothing is drawn for nothing', () => {
    const board = makeBoard();
    board.takeCost(costAt(100));
    const { costCurve } = board.view();
    board.takeEvent(eventAt(100));
    expect(board.view().costCurve).toBe(costCurve);
    board.takeCost(costAt(200));
    expect(board.view().costCurve).not.toBe(costCurve);
    expect([...costCurve.step]).toEqual([100]);
  });

  it('counts samples that are not finite where they happened', () => {
    const board = makeBoard();
    for (const [step, nonFinite] of [
      [10, 0],
      [20, 3],
      [30, 3],
    ] as const) {
      board.takeCost(costAt(step, { nonFinite }));
    }
    expect([...board.view().costCurve.nonFinite]).toEqual([0, 3, 0]);
  });

  it('begins anew with another history, and keeps what happened', () => {
    const board = makeBoard();
    board.takeCost(costAt(5_000));
    board.takeEvent(eventAt(4_000));
    board.takePredictions(predictions(4_999, 5_000));
    board.takeCost(costAt(10));
    const view = board.view();
    expect([...view.costCurve.step]).toEqual([10]);
    expect(view.predictions).toEqual([]);
    expect(view.events).toHaveLength(1);
  });

  it('puts the past in front once, and not after the present', () => {
    const board = makeBoard();
    board.takeHistory([[50, 1, 0, 2]]);
    board.takeCost(costAt(100));
    board.takeHistory([[75, 1, 0, 2]]);
    expect([...board.view().costCurve.step]).toEqual([50, 100]);
  });

  it('lists a prediction, an event and a refused sample once, however often they arrive', () => {
    const board = makeBoard();
    board.takePredictions(predictions(1, 2));
    board.takePredictions(predictions(1, 2, 3));
    board.takeEvent(eventAt(7));
    board.takeEvent(eventAt(7));
    const refused: ErrorEntry = {
      ...{ t: 'errors', sid: 5, seq: 1, at: 5, index: 3, code: 'value' },
      ...{ message: 'NaN', suppressed: 0 },
    };
    board.takeRejection(refused);
    board.takeRejection(refused);
    const view = board.view();
    expect(view.predictions.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(view.events).toHaveLength(1);
    expect(view.rejections).toHaveLength(1);
  });

  it('knows the weights of a moment ago beside the present ones', () => {
    const board = makeBoard();
    const weights = (value: number) => ({
      ...{ step: value, at: 0 },
      tensors: [{ name: 'l0.W', shape: [1, 1], values: Float32Array.of(value) }],
    });
    board.takeWeights(weights(1));
    expect(board.view().weights?.tensors[0]?.before).toBeUndefined();
    board.takeWeights(weights(2));
    expect(board.view().weights?.tensors[0]?.before).toEqual(Float32Array.of(1));
  });

  it('tells frames that were left out on purpose from those received', () => {
    const board = makeBoard();
    board.takeCost(costAt(1, { seq: 1, prev: 0 }));
    board.takeCost(costAt(2, { seq: 5, prev: 1 }));
    expect(board.view().frames).toEqual({ received: 2, conflated: 3 });
  });

  it('says how old what is seen is, by the stamp of the newest cost', () => {
    const board = makeBoard(1_000_400);
    expect(board.age()).toBeNaN();
    board.takeCost(costAt(300));
    expect(board.age()).toBe(100);
  });

  it('calls back at every change until it is stopped', () => {
    const board = makeBoard();
    const changed = vi.fn();
    const stop = board.listen(changed);
    board.takeLink({ kind: 'live' });
    board.takeCost(costAt(1));
    expect(changed).toHaveBeenCalledTimes(2);
    stop();
    board.takeCost(costAt(2));
    expect(changed).toHaveBeenCalledTimes(2);
  });

  it('stays within its bounds over forty thousand messages', () => {
    const board = makeBoard();
    for (let step = 1; step <= 20_000; step += 1) {
      board.takeCost(costAt(step));
      if (step % 25 === 0) board.takeEvent(eventAt(step));
      board.takePredictions(predictions(step));
    }
    const view = board.view();
    expect(view.costCurve.step.length).toBeLessThanOrEqual(2_000);
    expect(view.events.length).toBe(500);
    expect(view.predictions.length).toBe(500);
  });
});
