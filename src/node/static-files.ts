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
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; connect-src 'self' ws: wss:; manifest-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** The headers that every answer has. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The file below `folder` that a URL path names, with its size; undefined when there is none. */
const find = (folder: string, path: string): { file: string; size: number } | undefined => {
  try {
    const decoded = decodeURIComponent(path);
    const file = normalize(join(folder, decoded.endsWith('/') ? `${decoded}index.html` : decoded));
    if (!file.startsWith(normalize(folder) + sep)) return undefined;
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? { file, size: stats.size } : undefined;
  } catch {
    // A path that cannot be decoded, holds a NUL, or goes through a file names no file.
    return undefined;
  }
};

/** What {@link sendFile} is asked for. */
export interface FileRequest {
  /** The folder. */
  readonly page: string;
  /** The path of the URL, percent-encoded. */
  readonly path: string;
  /** How long the client may pause reading, in ms. */
  readonly answerMs: number;
}

/** Sends a file of a folder. False, with nothing sent, when there is no such file. */
export const sendFile = async (
  response: ServerResponse,
  { page, path, answerMs }: FileRequest,
): Promise<boolean> => {
  const found = find(page, path);
  if (!found) return false;
  const { file, size } = found;
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream',
    'Content-Length': size,
    'Cache-Control': path.startsWith('/assets/')
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
