export { csv } from './files/csv.ts';
export { ndjson } from './files/ndjson.ts';
export { host } from './host/host.ts';
