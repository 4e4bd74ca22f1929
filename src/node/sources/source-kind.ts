import { namedSources, type SourceKind } from './named/index.ts';
import type { NamedSource } from './named/named-source.ts';

const members = Object.entries<NamedSource>(namedSources) as [SourceKind, NamedSource][];

/** The schemes of all addresses. */
export const schemes: readonly string[] = members.flatMap(([, source]) => source.schemes ?? []);

/** The kind of a source by what a user calls it; undefined for an address of an unknown scheme. */
export const sourceKind = ([spec = 'digits', ...others]: readonly string[]):
  | SourceKind
  | undefined => {
  if (others.length > 0) return 'file';
  const scheme = spec.includes('://') ? schemeOf(spec) : undefined;
  const found = members.find(([, source]) =>
    scheme === undefined ? source.words?.includes(spec) : source.schemes?.includes(scheme),
  );
  return found?.[0] ?? (scheme === undefined ? 'file' : undefined);
};

/** What an address begins with, up to its colon. */
export const schemeOf = (url: string): string => url.slice(0, url.indexOf(':'));
