/** Bytes with a name for error messages, such as the path of a file. */
export interface NamedBytes {
  readonly name: string;
  /** Each piece is valid until the next one is requested. */
  readonly bytes: AsyncIterable<Uint8Array>;
}
