/**
 * A source that cannot be read: no such file, an empty one, a wrong password. The message is one
 * line that names the source and says what to do. It ends the stream; a bad row does not.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}
