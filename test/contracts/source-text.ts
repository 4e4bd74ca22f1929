import { Readable } from 'node:stream';

/** A stream with this text. */
export const textOf = (text: string): Readable => Readable.from([Buffer.from(text)]);

/** A stream of rows that fails with 'broken' as soon as it is read. */
export const brokenText = (): Readable => {
  const stream = textOf('a,target\n1,2\n3,4\n5,6\n');
  stream.on('data', () => stream.destroy(new Error('broken')));
  return stream;
};
