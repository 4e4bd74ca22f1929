import type { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import type { OpenedSource } from '../opened-source.ts';
import { columnOptionNames, type OpenOptions, type SourceOptions } from '../source-options.ts';

/** The options of every address. */
export const addressOptions = [
  ...(['target', 'id', 'wait'] as const),
  ...columnOptionNames,
] as const satisfies readonly (keyof SourceOptions)[];

/** A source at an address, which gives what happens now. */
export const live = (url: string, examples: Observable<Example>): OpenedSource => ({
  name: url,
  examples,
  isLive: true,
  isReplayable: false,
});

/** What the sources of all addresses are made with. */
export const addressed = ({ target, id, time, wait, buffer, whenFull, ...sinks }: OpenOptions) => ({
  ...(target && { target }),
  ...(id && { id }),
  ...(time && { time }),
  ...(wait && { waitMs: 1000 * wait }),
  ...(buffer && { size: buffer }),
  ...(whenFull && { policy: whenFull }),
  ...(sinks.rate && { rate: sinks.rate }),
  ...(sinks.governor && { governor: sinks.governor }),
  ...(sinks.events && { events: sinks.events }),
  ...(sinks.overflow && { overflow: sinks.overflow }),
  ...(sinks.written && { written: sinks.written }),
  rejected: sinks.rejected,
});

/** The header that the environment gives. */
export const authorized = () => {
  const authorization = process.env['RIVULET_AUTHORIZATION'];
  return authorization ? { headers: { authorization } } : {};
};
