export { type CsvOptions, csv } from './files/csv.ts';
export type { FileOptions } from './files/files.ts';
export { ndjson } from './files/ndjson.ts';
export { records } from './files/records.ts';
export { type HostOptions, host } from './host/host.ts';
