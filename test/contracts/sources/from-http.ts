import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromHttp } from '../../../src/node/sources/index.ts';
import { lines, overHttp } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

const server = createServer((request, response) => {
  if (request.url === '/rows') response.end('a,target\n1,2\n3,4\n5,6\n');
  else response.writeHead(410, 'broken').end();
});
const urlOf = (path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

export const subject: SourceSubject = {
  open: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
  close() {
    server.close();
    server.closeAllConnections();
  },
  make: () => fromHttp(urlOf('/rows')),
  makeBroken: () => fromHttp(urlOf('/broken')),
  attack: async (taken) => {
    const { text, count } = lines(3_000, 36);
    await overHttp(taken, 'application/x-ndjson', text);
    return count;
  },
};
