import { expect, test } from 'vitest';
import { refuseForeign } from '../../src/sources/foreign-formats.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

test.each([
  ['PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'x is an Excel workbook (xlsx): save it as CSV'],
  [
    'PK\x03\x04\x14\0\0\0\x08\0rows.csv',
    'x is a zip archive: extract it: unzip -p x | rivulet learn -',
  ],
  ['\x1f\x8b\x08\0', 'x is gzip inside gzip'],
  ['PAR1\x15\x04\x15\x10', 'x is Parquet: convert it: duckdb'],
  ['<!DOCTYPE html>\n<html>', 'x is an HTML page: name the address of the data itself'],
  ['\xef\xbb\xbf  <html lang="en">', 'x is an HTML page'],
  ['<?xml version="1.0"?>', 'x is XML'],
  ['\x89PNG\r\n\x1a\n', 'x is a PNG image: name a file of CSV or JSON records'],
  [
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
    'x is a git-lfs pointer, not the file itself: fetch the file: git lfs pull',
  ],
  ['\xff\xfea\0,\0b\0', 'x is UTF-16: say --encoding utf-16le'],
  ['t\0i\0m\0e\0,\0', 'x is UTF-16'],
  ['\0t\0i\0m\0e', 'x is UTF-16'],
  ['ab\0\0\0c', 'x is binary (it has NUL bytes)'],
  ['SQLite format 3\0', 'x is an SQLite database'],
  ['\x28\xb5\x2f\xfd\x24', 'x is Zstandard: decompress it: zstd -dc x | rivulet learn -'],
  ['\x89HDF\r\n\x1a\n', 'x is an HDF5 file'],
  ['%PDF-1.7\n', 'x is a PDF document'],
])('%j is named, with what to do', (text, message) => {
  expect(() => refuseForeign('x', ascii(text))).toThrow(message);
});

test.each([
  'time,temp\n1,2\n',
  'PAR1,ORC,target\n1,2,3\n',
  'BZh,target\n1,2\n',
  '<1h,target\n',
  'version,target\n',
  'a,target\n1,\0\n',
  '',
])('%j is a text', (text) => {
  expect(() => refuseForeign('x', ascii(text))).not.toThrow();
});
