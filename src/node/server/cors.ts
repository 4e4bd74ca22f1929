import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import type { Route } from './routes/route.ts';

/** How long a browser may remember what a preflight said, in seconds. */
const maxAge = '600';

/** Lets pages of allowed origins read the answer. */
export const setCorsHeaders = (
  access: Access,
  { headers: { origin } }: IncomingMessage,
  response: ServerResponse,
): void => {
  if (origin === undefined || !access.isAllowedOrigin(origin)) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After, Content-Disposition');
  response.setHeader('Vary', 'Origin');
};

/** Answers OPTIONS: the methods of a path and, for a browser that asks first, what it may send. */
export const preflight = (response: ServerResponse, matching: readonly Route[]): void => {
  const known = matching.length > 0 ? matching.map(({ method }) => method) : (['GET'] as const);
  const allow = [
    ...new Set(known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))),
  ];
  response.setHeader('Allow', [...allow, 'OPTIONS'].join(', '));
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    response.setHeader('Access-Control-Allow-Methods', allow.join(', '));
    response.setHeader('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    response.setHeader('Access-Control-Max-Age', maxAge);
  }
  response.writeHead(204);
  response.end();
};
