import type { Command } from 'commander';
import { type SourceKind, sourceKind } from '../../sources/source-kind.ts';
import { Misuse } from '../terminal/misuse.ts';

/** The kinds of sources, as people call them. */
const kindNames: Readonly<Record<SourceKind, string>> = {
  digits: 'digits',
  host: 'host',
  file: 'a file',
  http: 'an address of http://',
  socket: 'a WebSocket (ws://)',
  broker: 'a broker (mqtt://)',
};

const records: readonly SourceKind[] = ['file', 'http', 'socket', 'broker'];

/** To which kinds an option means something; the others do to all. */
const meaning: Readonly<Record<string, readonly SourceKind[]>> = {
  target: [...records, 'host'],
  id: records,
  time: records,
  ahead: ['host'],
  follow: ['file'],
  topic: ['broker'],
  clientId: ['broker'],
  qos: ['broker'],
  mqttVersion: ['broker'],
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
  const kind = sourceKind(specs);
  if (kind === undefined) return;
  for (const option of command.options) {
    const name = option.attributeName();
    const kinds = meaning[name];
    if (kinds === undefined || kinds.includes(kind)) continue;
    if (command.getOptionValueSource(name) !== 'cli') continue;
    // biome-ignore lint/plugin: a sentence for people, in English everywhere
    const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(
      kinds.map((one) => kindNames[one]),
    );
    throw new Misuse(`${option.long} is for ${names}, not for ${kindNames[kind]}`);
  }
};
