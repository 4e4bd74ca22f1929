import type { Limits } from './limits.ts';
import { Log } from './log.ts';

/** The logs of a model. */
export interface Logs {
  readonly events: Log;
  readonly errors: Log;
}

/** What a server must know to continue a history that another process has published. */
export interface EpochHistory {
  /** The name of the epoch. */
  readonly epoch: string;
  /** The numbers of the last entries of both logs. */
  readonly logs: { readonly events: number; readonly errors: number };
}

/** Empty logs whose numbers continue those of a history. */
export const logsAfter = (
  { logEntries, logBytes, logTextChars, logMs, logKept }: Limits,
  { events, errors }: EpochHistory['logs'] = { events: 0, errors: 0 },
): Logs => {
  const bounds = {
    entriesMax: logEntries,
    bytesMax: logBytes,
    textMax: logTextChars,
    ageMaxMs: logMs,
    agelessCount: logKept,
  };
  return {
    events: new Log({ ...bounds, last: events }),
    errors: new Log({ ...bounds, last: errors }),
  };
};

/** Where a history stands. */
export const historyOf = (epoch: string, { events, errors }: Logs): EpochHistory => ({
  epoch,
  logs: { events: events.last, errors: errors.last },
});
