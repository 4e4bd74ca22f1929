import type { ConnectionEvent, ConnectionEventSink } from '../../../sources/connection-event.ts';
import { oneLine } from './misuse.ts';

/** Writes a line when a connection changes or a source restarts, not at every attempt in between. */
export const connectionLines = (output: NodeJS.WritableStream): ConnectionEventSink => {
  let last: ConnectionEvent['kind'] | undefined;
  return {
    next({ kind, message }) {
      // Data may be lost each time that a source restarts.
      if (kind === last && kind !== 'restarted') return;
      last = kind;
      output.write(`rivulet: ${oneLine(message)}\n`);
    },
  };
};
