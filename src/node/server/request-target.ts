/** The target of a request line, taken apart. */
export interface RequestTarget {
  /** The path as it was sent, percent-encoded: it begins with one slash, or is `*`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Host and port, where the target is a whole URL (RFC 9112, 3.2.2). */
  readonly authority?: string;
}

/** Printable ASCII without the fragment and the backslash, which clients and proxies read differently. */
const characters = /^[!"$-[\]-~]+$/;

/** A path may not begin with two slashes: other software takes what follows them for a host. */
const form = /^(?:(?:https?|wss?):\/\/([^/?]+)(?=[/?]|$))?(\/(?!\/)[^?]*)?(?:\?(.*))?$/i;

/**
 * Takes the target of a request line apart. Undefined where it is malformed: not a path or an
 * http(s) or ws(s) URL, characters that no URL has, or percent-escapes that are not UTF-8. It
 * never throws.
 */
export const parseTarget = (target = ''): RequestTarget | undefined => {
  if (target === '*') return { path: target, query: new URLSearchParams() };
  const match = characters.test(target) && form.exec(target);
  if (!match) return undefined;
  const [, authority, path = '', query = ''] = match;
  if (path === '' && authority === undefined) return undefined;
  if (!isEncoded(path) || !isEncoded(query)) return undefined;
  return {
    path: path || '/',
    // Two names that are not UTF-8 would both be read as replacement characters, and so be equal.
    query: new URLSearchParams(query),
    ...(authority !== undefined && { authority }),
  };
};

const isEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};
