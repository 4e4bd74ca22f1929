export { type CsvOptions, csv } from './files/csv/csv.ts';
export type { FileOptions } from './files/files.ts';
export { ndjson } from './files/ndjson.ts';
export { records } from './files/records.ts';
export { tail } from './files/tail.ts';
export { type HostOptions, host } from './host/host.ts';
export { type FromHttpOptions, fromHttp } from './sockets/from-http.ts';
export { type FromWebSocketOptions, fromWebSocket } from './sockets/from-web-socket.ts';
