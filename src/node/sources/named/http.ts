import { fromHttp } from '../sockets/from-http.ts';
import { addressed, addressOptions, authorized, live } from './address.ts';
import type { NamedSource } from './named-source.ts';
import { textOptions, texts } from './text.ts';

/** Server-sent events, or lines of JSON or CSV, from an address. */
export const http: NamedSource = {
  title: 'an address of http://',
  schemes: ['http', 'https'],
  options: [...addressOptions, ...textOptions],
  open([url = ''], options) {
    const { place } = options;
    const examples = fromHttp(url, {
      ...{ ...addressed(options), ...authorized(), ...texts(options) },
      place,
    });
    return { ...live(url, examples), findsPlace: true };
  },
};
