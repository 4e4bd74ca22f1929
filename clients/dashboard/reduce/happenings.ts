import type { ErrorEntry, EventEntry } from '../../../src/client/index.ts';

/** Something to list: an event of the stream, or a sample that was refused. */
export interface Happening {
  readonly key: string;
  readonly kind: EventEntry['kind'] | 'rejected';
  readonly at: number;
  /** Samples learned then; unknown of a refused sample. */
  readonly step?: number;
  readonly text: string;
}

/** Events and rejections in one list, newest first. */
export function happenings(
  events: readonly EventEntry[],
  rejections: readonly ErrorEntry[],
): readonly Happening[] {
  const happened = events.map(
    ({ seq, kind, at, step, message }): Happening => ({
      key: `event ${at} ${seq}`,
      kind,
      at,
      step,
      text: message,
    }),
  );
  return [...happened, ...rejections.map(refused)].sort((a, b) => b.at - a.at);
}

function refused({ seq, at, index, id, code, message, suppressed }: ErrorEntry): Happening {
  const name = id === undefined ? `Sample ${index}` : `Sample ${id}`;
  const others = suppressed > 0 ? `, and ${suppressed} more before it` : '';
  const text = `${name}: ${message} (${code}${others})`;
  return { key: `rejection ${at} ${seq}`, kind: 'rejected', at, text };
}
