import { type Logger, pino } from 'pino';
import { printableJson } from './printable.ts';

/** A log of JSON lines on standard error, in which control characters from outside are escaped. */
export const logLines = (): Logger => {
  const output = pino.destination(2);
  return pino({ name: 'rivulet' }, { write: (line) => void output.write(printableJson(line)) });
};
