import { SourceError } from '../../sources/source-error.ts';
import { namedSources } from './named/index.ts';
import type { OpenedSource } from './opened-source.ts';
import { refusePassword } from './refuse-password.ts';
import { schemeOf, schemes, sourceKind } from './source-kind.ts';
import type { OpenOptions } from './source-options.ts';

/**
 * Opens a source by what a user calls it: `digits`, `host`, `-` for standard input, an address, or
 * paths of files. Throws a SourceError where that is clearly impossible.
 */
export const openSource = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const kind = sourceKind(specs);
  if (kind === undefined) {
    const scheme = schemeOf(specs[0]!);
    throw new SourceError(
      `nothing is known of ${scheme}: addresses; there are ${schemes.join(', ')}`,
    );
  }
  if ('schemes' in namedSources[kind]) checkAddress(specs[0]!);
  return namedSources[kind].open(specs, options);
};

const checkAddress = (url: string): void => {
  if (!URL.canParse(url)) throw new SourceError(`'${url}' is no address`);
  refusePassword(
    url,
    'the environment (MQTT_USERNAME and MQTT_PASSWORD, or RIVULET_AUTHORIZATION)',
  );
};
