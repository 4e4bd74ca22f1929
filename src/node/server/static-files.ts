import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** All comes from this server, and nothing is written into the page from outside. */
const policyWith = (scripts: string, ancestors: string): string =>
  `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self' data: blob:; ` +
  "font-src 'self'; connect-src 'self' ws: wss:; manifest-src 'self'; base-uri 'none'; " +
  `form-action 'none'; frame-ancestors ${ancestors}`;

/** The headers that every answer has. `ancestors` may show the page in a frame. */
export const securityHeaders = (ancestors: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policyWith("'self'", ancestors),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/** The lesson learns in the browser, which takes WebAssembly. */
const lessonPath = /^\/lesson\//;
const lessonScripts = "'self' 'wasm-unsafe-eval'";

/** The file below `folder` that a URL path names, with its size; undefined when there is none. */
const find = (folder: string, path: string): Found | undefined => {
  try {
    const decoded = decodeURIComponent(path);
    const file = normalize(join(folder, decoded.endsWith('/') ? `${decoded}index.html` : decoded));
    if (!file.startsWith(normalize(folder) + sep)) return undefined;
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return { isFolder: true };
    return stats?.isFile() ? { file, size: stats.size } : undefined;
  } catch {
    // A path that cannot be decoded, holds a NUL, or goes through a file names no file.
    return undefined;
  }
};

type Found = { readonly isFolder: true } | { readonly file: string; readonly size: number };

/** A request for {@link sendFile}. */
export interface FileRequest {
  /** The folder. */
  readonly page: string;
  /** The path of the URL, percent-encoded. */
  readonly path: string;
  /** Whose pages may show it in a frame. */
  readonly ancestors: string;
  /** How long the client may pause reading, in ms. */
  readonly answerMs: number;
}

/** Sends a file of a folder. False, with nothing sent, when there is no such file. */
export const sendFile = async (
  response: ServerResponse,
  { page, path, ancestors, answerMs }: FileRequest,
): Promise<boolean> => {
  const found = find(page, path);
  if (!found) return false;
  if ('isFolder' in found) {
    // Relative, because a proxy may serve this under another path.
    const name = path.split('/').at(-1);
    response.writeHead(308, { Location: `${name}/`, 'Content-Length': 0 }).end();
    return true;
  }
  const { file, size } = found;
  if (lessonPath.test(path)) {
    response.setHeader('Content-Security-Policy', policyWith(lessonScripts, ancestors));
  }
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': size,
    'Cache-Control': /^(\/lesson)?\/assets\//.test(path)
      ? 'public, max-age=31536000, immutable'
      : 'no-cache',
  });
  if (response.req.method === 'HEAD' || size === 0) {
    response.end();
    return true;
  }
  response.setTimeout(answerMs, () => response.destroy());
  const handle = await open(file);
  const bytes = handle.createReadStream({ end: size - 1 });
  try {
    // It closes both ends, whichever of them fails or goes away.
    await pipeline(bytes, response);
  } finally {
    await handle.close();
  }
  // The file has become shorter: the client would wait for the rest.
  if (bytes.bytesRead < size) response.destroy();
  return true;
};
