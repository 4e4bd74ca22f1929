import { SourceError } from './source-error.ts';

/** A kind of file that is not text, with what a user can do about it. */
interface ForeignFormat {
  /** What it is called in a sentence, such as `a zip archive`. */
  readonly title: string;
  /** Its first bytes, one character each. */
  readonly magic: string;
  /** What makes records of it. FILE stands for its name. */
  readonly advice: string;
}

const exported = 'export it as CSV';
const notRecords = 'name a file of CSV or JSON records';

const formats: readonly ForeignFormat[] = [
  {
    title: 'gzip inside gzip',
    magic: '\x1f\x8b',
    advice: 'decompress it once: gunzip -c FILE',
  },
  {
    title: 'Parquet',
    magic: 'PAR1',
    advice: `convert it: duckdb -csv -c "FROM read_parquet('FILE')"`,
  },
  { title: 'an Arrow file', magic: 'ARROW1', advice: exported },
  { title: 'an Avro file', magic: 'Obj\x01', advice: 'convert it: avro-tools tojson FILE' },
  { title: 'an ORC file', magic: 'ORC', advice: exported },
  { title: 'an HDF5 file', magic: '\x89HDF\r\n', advice: exported },
  { title: 'a NumPy array', magic: '\x93NUMPY', advice: 'write it with numpy.savetxt' },
  {
    title: 'an SQLite database',
    magic: 'SQLite format 3\0',
    advice: 'export a table: sqlite3 -header -csv FILE "SELECT * FROM a_table"',
  },
  { title: 'an old Excel workbook (xls)', magic: '\xd0\xcf\x11\xe0', advice: 'save it as CSV' },
  { title: 'bzip2', magic: 'BZh', advice: 'decompress it: bzip2 -dc FILE | rivulet learn -' },
  { title: 'xz', magic: '\xfd7zXZ\0', advice: 'decompress it: xz -dc FILE | rivulet learn -' },
  {
    title: 'Zstandard',
    magic: '\x28\xb5\x2f\xfd',
    advice: 'decompress it: zstd -dc FILE | rivulet learn -',
  },
  { title: 'a 7z archive', magic: '7z\xbc\xaf\x27\x1c', advice: 'extract it: 7z x FILE' },
  { title: 'a PNG image', magic: '\x89PNG', advice: notRecords },
  { title: 'a JPEG image', magic: '\xff\xd8\xff', advice: notRecords },
  { title: 'a GIF image', magic: 'GIF8', advice: notRecords },
  { title: 'a PDF document', magic: '%PDF-', advice: notRecords },
  {
    title: 'a git-lfs pointer, not the file itself',
    magic: 'version https://git-lfs.github.com/spec/',
    advice: 'fetch the file: git lfs pull',
  },
];

const excel: ForeignFormat = {
  title: 'an Excel workbook (xlsx)',
  magic: 'PK\x03\x04',
  advice: 'save it as CSV',
};

const zip: ForeignFormat = {
  title: 'a zip archive',
  magic: 'PK\x03\x04',
  advice: 'extract it: unzip -p FILE | rivulet learn -',
};

const html: ForeignFormat = {
  title: 'an HTML page',
  magic: '',
  advice: 'name the address of the data itself; a login or error page may stand in its place',
};

const xml: ForeignFormat = { title: 'XML', magic: '', advice: 'convert it to CSV or JSON records' };

const utf16: ForeignFormat = {
  title: 'UTF-16',
  magic: '',
  advice: 'say --encoding utf-16le (or utf-16be), or convert it: iconv -f UTF-16 -t UTF-8 FILE',
};

const binary: ForeignFormat = {
  title: 'binary (it has NUL bytes)',
  magic: '',
  advice: notRecords,
};

/** How many first bytes say what a file is. */
export const magicBytesMax = 1_024;

/**
 * Throws a SourceError with the name of the format and the next step where the first bytes are not those
 * of a text. `name` is what people call the input.
 */
export const refuseForeign = (name: string, bytes: Uint8Array): void => {
  const format = formatOf(bytes.subarray(0, magicBytesMax));
  if (format === undefined) return;
  throw new SourceError(`${name} is ${format.title}: ${format.advice.replace('FILE', name)}`);
};

/** A column may be called PAR1: magic bytes that are letters count where binary data follows them. */
const isMeant = ({ magic }: ForeignFormat, text: string): boolean =>
  !/^[\w ]*$/.test(magic) || hasControl(text.slice(magic.length, magic.length + 16));

const hasControl = (text: string): boolean => /[^\P{Cc}\t\r\n]/u.test(text);

const formatOf = (bytes: Uint8Array): ForeignFormat | undefined => {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const known = formats.find(({ magic }) => text.startsWith(magic));
  if (known !== undefined && isMeant(known, text)) return known;
  if (text.startsWith(zip.magic)) return /\[Content_Types\]|xl\//.test(text) ? excel : zip;
  if (/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)\b/i.test(text)) return html;
  if (/^(?:\xef\xbb\xbf)?\s*<(?:\?xml|!--|!doctype|svg\b)/i.test(text)) return xml;
  if (text.startsWith('\xff\xfe') || text.startsWith('\xfe\xff')) return utf16;
  // A NUL in a later line is a bad row of a text.
  const [line = ''] = text.split('\n', 1);
  if (!line.includes('\0')) return undefined;
  // Latin text in UTF-16 has a NUL in every second place.
  return /^(?:\0[^\0]){4}|^(?:[^\0]\0){4}/.test(text) ? utf16 : binary;
};
