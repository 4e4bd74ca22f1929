import { broker } from './broker.ts';
import { digits } from './digits.ts';
import { file } from './file.ts';
import { host } from './host.ts';
import { http } from './http.ts';
import type { NamedSource } from './named-source.ts';
import { socket } from './socket.ts';

/** All sources that can be named, by their kind. What is neither a word nor an address is a file. */
export const namedSources = {
  digits,
  file,
  http,
  socket,
  broker,
  host,
} as const satisfies Readonly<Record<string, NamedSource>>;

/** The kind of a source that can be named. */
export type SourceKind = keyof typeof namedSources;
