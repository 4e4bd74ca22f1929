import { SourceError } from '../../../sources/source-error.ts';
import { refusePassword } from '../refuse-password.ts';

/** The schemes that the library knows; with another it would speak plain MQTT, and say nothing. */
const schemes = ['mqtt:', 'mqtts:', 'tcp:', 'tls:', 'ssl:', 'ws:', 'wss:'];

/**
 * The address of a broker as it may be shown: without a user and a path, in which there may be secrets.
 * Throws a SourceError where it is none, or has a password in it.
 */
export const shownAddress = (url: string): string => {
  const { protocol, host } = URL.canParse(url) ? new URL(url) : nowhere;
  if (!schemes.includes(protocol) || host === '') {
    throw new SourceError(
      `'${withoutUser(url)}' is no address of a broker: write mqtt://HOST or mqtts://HOST`,
    );
  }
  refusePassword(
    url,
    'the environment (MQTT_USERNAME and MQTT_PASSWORD), or the options of these names',
  );
  return `${protocol}//${host}`;
};

const nowhere = { protocol: '', host: '' };

/** What cannot be parsed may have a password nevertheless. */
const withoutUser = (url: unknown): string => String(url).replace(/^([a-z]*:\/\/)?.*@/s, '$1…@');
