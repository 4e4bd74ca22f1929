import { Misuse } from '../terminal/misuse.ts';

/** Where `rivulet serve` is by default. */
export const defaultServer = 'http://127.0.0.1:8080';

const schemes = /^(https?|wss?):$/;

/** A word alone could be the name of a host, but is more often a file: the address was forgotten. */
const hostAndPort = /^[^/]+:\d+(\/|$)/;

/** Whether a text is meant as the address of a server rather than as a path. */
export const isServerUrl = (text: string): boolean =>
  text.includes('://') || hostAndPort.test(text);

/** A server's address; a bare `host:port` is one too. */
export const serverUrl = (text: string): URL => {
  const address = hostAndPort.test(text) ? `http://${text}` : text;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && schemes.test(url.protocol)) return url;
  throw new Misuse(`'${text}' is no address of a server, such as ${defaultServer}`);
};
