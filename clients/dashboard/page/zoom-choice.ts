import type { Zoom } from '../draw/line-chart.ts';

/** Which part of the run is shown: all of it, a part that was chosen, or the newest tenth. */
export type ZoomChoice = 'all' | 'newest' | Zoom;

/** The part of the x axis that a choice means for these steps; null: all of it. */
export function zoomOf(choice: ZoomChoice, step: Float64Array): Zoom | null {
  if (choice === 'all') return null;
  if (choice !== 'newest') return choice;
  const [first, last] = [step[0] ?? 0, step.at(-1) ?? 0];
  return last > first ? { min: last - (last - first) / 10, max: last } : null;
}

/** A tenth of the run with a step in its middle. */
export function zoomAround(step: number, steps: Float64Array): Zoom {
  const half = Math.max(1, ((steps.at(-1) ?? 0) - (steps[0] ?? 0)) / 20);
  return { min: step - half, max: step + half };
}
