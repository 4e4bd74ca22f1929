/** What is at an address. */
export type AddressKind = 'http' | 'socket' | 'broker';

/** The kinds of sources that a person can name. */
export type SourceKind = 'digits' | 'host' | 'file' | AddressKind;

/** What is at the addresses of a scheme. */
export const kindOfScheme: ReadonlyMap<string, AddressKind> = new Map([
  ['http', 'http'],
  ['https', 'http'],
  ['ws', 'socket'],
  ['wss', 'socket'],
  ['mqtt', 'broker'],
  ['mqtts', 'broker'],
]);

/** The kind of a source by what a person calls it; undefined for an address of which nothing is known. */
export const sourceKind = ([spec = 'digits', ...others]: readonly string[]):
  | SourceKind
  | undefined => {
  if (others.length > 0) return 'file';
  if (spec === 'digits' || spec === 'host') return spec;
  return spec.includes('://') ? kindOfScheme.get(schemeOf(spec)) : 'file';
};

/** What an address begins with, up to its colon. */
export const schemeOf = (url: string): string => url.slice(0, url.indexOf(':'));
