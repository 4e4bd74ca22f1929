import type { ConnectionEvent, ConnectionEventSink } from '../../sources/connection-event.ts';
import { oneLine } from './misuse.ts';

/** Writes a line when a connection changes, not at every attempt in between. */
export const connectionLines = (output: NodeJS.WritableStream): ConnectionEventSink => {
  let last: ConnectionEvent['kind'] | undefined;
  return {
    next({ kind, message }) {
      if (kind === last) return;
      last = kind;
      output.write(`rivulet: ${oneLine(message)}\n`);
    },
  };
};
