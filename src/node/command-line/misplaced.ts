import type { Command } from 'commander';
import { Misuse } from './misuse.ts';

/** The kinds of sources, as people call them. */
const kindNames = {
  digits: 'digits',
  host: 'host',
  file: 'a file',
  http: 'an address of http://',
  socket: 'a WebSocket (ws://)',
  broker: 'a broker (mqtt://)',
} as const;

type Kind = keyof typeof kindNames;

const kindOfScheme: Readonly<Record<string, Kind>> = {
  http: 'http',
  https: 'http',
  ws: 'socket',
  wss: 'socket',
  mqtt: 'broker',
  mqtts: 'broker',
};

/** Undefined for an address of which nothing is known: that is said elsewhere. */
const kindOf = ([spec = 'digits', ...others]: readonly string[]): Kind | undefined => {
  if (others.length === 0 && (spec === 'digits' || spec === 'host')) return spec;
  return spec.includes('://') ? kindOfScheme[spec.split(':', 1)[0]!] : 'file';
};

const records: readonly Kind[] = ['file', 'http', 'socket', 'broker'];

/** To which kinds an option means something; the others do to all. */
const meaning: Readonly<Record<string, readonly Kind[]>> = {
  target: [...records, 'host'],
  id: records,
  time: records,
  ahead: ['host'],
  follow: ['file'],
  topic: ['broker'],
  wait: ['http', 'socket', 'broker'],
  buffer: ['socket'],
  whenFull: ['socket'],
};

/**
 * Throws a Misuse where an option was given that means nothing to the source, which is the first
 * argument of the command: whoever wrote it believes that something else will happen. The source is
 * not quoted: there may be a password in it.
 */
export const refuseMisplaced = (command: Command): void => {
  const [specs = []] = command.processedArgs as [string[]?];
  const kind = kindOf(specs);
  if (kind === undefined) return;
  for (const option of command.options) {
    const name = option.attributeName();
    const kinds: readonly Kind[] = meaning[name] ?? [kind];
    if (kinds.includes(kind) || command.getOptionValueSource(name) !== 'cli') continue;
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(
      kinds.map((one) => kindNames[one]),
    );
    throw new Misuse(`${option.long} is for ${names}, not for ${kindNames[kind]}`);
  }
};
