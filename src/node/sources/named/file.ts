import { defer, type Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import type { ByteProgress } from '../files/bytes.ts';
import type { CsvFileOptions } from '../files/files.ts';
import { records } from '../files/records.ts';
import { standIn } from '../files/stand-in.ts';
import { followedFile, tail } from '../files/tail.ts';
import type { OpenedSource } from '../opened-source.ts';
import { columnOptionNames, type OpenOptions } from '../source-options.ts';
import type { NamedSource } from './named-source.ts';
import { textOptions, texts } from './text.ts';

/** Files of CSV or NDJSON, standard input (`-`) among them, or one file as it grows. */
export const file: NamedSource = {
  title: 'a file',
  options: ['target', 'id', 'follow', ...textOptions, ...columnOptionNames],
  open: (specs, options) =>
    options.follow ? openTail(followedFile(specs), options) : openFiles(specs, options),
};

const openFiles = (specs: readonly string[], options: OpenOptions): OpenedSource => {
  const progress: ByteProgress = { read: 0 };
  const other = specs.find((spec) => spec.includes('://') || spec === 'digits' || spec === 'host');
  if (specs.length > 1 && other !== undefined) {
    throw new SourceError(`several sources must all be files that end: ${other}`);
  }
  const tell = (message: string): void => options.events?.next({ kind: 'waiting', message });
  const isPiped = specs.includes('-');
  const inputs = specs.map((spec) => (spec === '-' ? process.stdin : spec));
  const examples = records(inputs, { ...fileOptions(options), progress });
  return {
    name: specs.map((spec) => (spec === '-' ? 'standard input' : spec)).join(', '),
    ...(specs.length === 1 && !isPiped ? standing(specs[0]!, examples, options) : { examples }),
    isLive: false,
    isReplayable: !isPiped,
    ...(isPiped && { pipe: { tell } }),
    progress,
  };
};

/** One file, which may have been followed before. */
const standing = (
  path: string,
  examples: Observable<Example>,
  { place, events }: OpenOptions,
): Pick<OpenedSource, 'examples' | 'findsPlace'> => ({
  examples: defer(() => {
    standIn(path, place, events);
    return examples;
  }),
  findsPlace: true,
});

const openTail = (path: string, options: OpenOptions): OpenedSource => ({
  name: path,
  examples: tail(path, {
    ...fileOptions(options),
    place: options.place,
  }),
  isLive: true,
  isReplayable: true,
  findsPlace: true,
});

const fileOptions = ({
  target,
  id,
  time,
  rate,
  rejected,
  governor,
  written,
  events,
  ...options
}: OpenOptions): CsvFileOptions => ({
  rejected,
  ...texts(options),
  ...(events && { events }),
  ...(target && { target }),
  ...(id && { id }),
  ...(time && { time }),
  ...(rate && { rate }),
  ...(written && { written }),
  ...(governor && { governor }),
});
