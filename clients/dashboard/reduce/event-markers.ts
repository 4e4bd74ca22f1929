import type { EventEntry } from '../../../src/client/index.ts';
import type { CostCurve } from '../board/view.ts';
import type { Marker } from '../draw/markers.ts';

/** What is drawn over the cost: each event as a labelled line, each row with NaN as a tick. */
export function markersOf(
  events: readonly EventEntry[],
  { step, nonFinite }: Pick<CostCurve, 'step' | 'nonFinite'>,
): readonly Marker[] {
  const lines = events.map(
    (event): Marker => ({ step: event.step, label: event.kind, shape: 'line' }),
  );
  const ticks = Array.from(nonFinite).flatMap((count, row): Marker[] =>
    count > 0 ? [{ step: step[row] ?? 0, label: 'not finite', shape: 'tick' }] : [],
  );
  return [...lines.sort((a, b) => a.step - b.step), ...ticks];
}
