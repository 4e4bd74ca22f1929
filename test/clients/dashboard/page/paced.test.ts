import { describe, expect, it, vi } from 'vitest';
import { paced } from '../../../../clients/dashboard/page/paced.ts';
import { zoomAround, zoomOf } from '../../../../clients/dashboard/page/zoom-choice.ts';

const pretendBrowser = (isCalm: boolean) => {
  const frames: (() => void)[] = [];
  const timers: { callback: () => void; ms: number }[] = [];
  const clock = { now: 0 };
  const pacing = {
    nextFrame: (callback: () => void) => void frames.push(callback),
    later: (callback: () => void, ms: number) => void timers.push({ callback, ms }),
    now: () => clock.now,
    isCalm: () => isCalm,
  };
  return { frames, timers, clock, pacing };
};

describe('paced drawing', () => {
  it('draws once per frame, however often it is requested', () => {
    const { frames, pacing } = pretendBrowser(false);
    const draw = vi.fn();
    const ask = paced(draw, pacing);
    for (let times = 0; times < 100; times += 1) ask();
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(draw).toHaveBeenCalledTimes(1);
    ask();
    expect(frames).toHaveLength(1);
  });

  it('draws nothing in a page that gets no frames', () => {
    const { pacing } = pretendBrowser(false);
    const draw = vi.fn();
    paced(draw, pacing)();
    expect(draw).not.toHaveBeenCalled();
  });

  it('waits a quarter of a second with reduced motion', () => {
    const { frames, timers, clock, pacing } = pretendBrowser(true);
    const ask = paced(() => {}, pacing);
    ask();
    frames.shift()?.();
    clock.now = 100;
    ask();
    expect(frames).toHaveLength(0);
    expect(timers.map(({ ms }) => ms)).toEqual([150]);
  });
});

describe('the part of the run that is shown', () => {
  const steps = Float64Array.of(0, 500, 1_000);

  it('is all of it, a chosen part, or the newest tenth, which moves on', () => {
    expect(zoomOf('all', steps)).toBeNull();
    expect(zoomOf({ min: 3, max: 9 }, steps)).toEqual({ min: 3, max: 9 });
    expect(zoomOf('newest', steps)).toEqual({ min: 900, max: 1_000 });
    expect(zoomOf('newest', Float64Array.of(0, 2_000))).toEqual({ min: 1_800, max: 2_000 });
    expect(zoomOf('newest', Float64Array.of(5))).toBeNull();
  });

  it('is a tenth of the run around an event', () => {
    expect(zoomAround(300, steps)).toEqual({ min: 250, max: 350 });
  });
});
