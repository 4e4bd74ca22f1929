import { type EncoderOptions, encoder, slotNames } from '../../src/encode/encoder.ts';
import type { Example } from '../../src/sources/example.ts';

/** What a new encoder makes of records. */
export const encodeAll = (
  records: readonly Example['features'][],
  options: EncoderOptions = {},
) => {
  const part = encoder(options);
  const memory = part.initial();
  const vectors = records.map((features) => [...(part.update(memory, { features }).x as number[])]);
  return { part, memory, vectors, names: slotNames(memory) };
};
