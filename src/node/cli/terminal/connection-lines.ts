import type { ConnectionEvent, ConnectionEventSink } from '../../../sources/connection-event.ts';
import { oneLine } from './misuse.ts';

/** Each of these is about something else: data may be lost each time that a source restarts. */
const isNew: ReadonlySet<ConnectionEvent['kind']> = new Set(['restarted', 'inferred', 'notice']);

/** Writes a line when a connection changes or a source restarts, not at every attempt in between. */
export const connectionLines = (output: NodeJS.WritableStream): ConnectionEventSink => {
  let last: ConnectionEvent['kind'] | undefined;
  return {
    next({ kind, message }) {
      if (kind === last && !isNew.has(kind)) return;
      last = kind;
      output.write(`rivulet: ${oneLine(message)}\n`);
    },
  };
};
