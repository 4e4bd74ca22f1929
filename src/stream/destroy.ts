/** What is needed of a Node stream to end it. */
interface NodeStreamLike {
  readonly destroyed: boolean;
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
  pipe(to: never): unknown;
}

/**
 * Ends a source at once that is a Node stream. Its iterator would not: the `return()` of an async
 * generator waits for the value that was asked for, and closes nothing where none was.
 */
export const destroyStream = (source: object): void => {
  if (!isNodeStream(source) || source.destroyed) return;
  // Nobody is left to hear of an error, and one that nobody hears ends the process.
  source.on('error', () => {});
  source.destroy();
};

/** Its `pipe` tells it from a cursor or a consumer, which its owner may mean to go on with. */
const isNodeStream = (source: object): source is NodeStreamLike =>
  ['destroy', 'on', 'pipe'].every(
    (name) => typeof (source as Record<string, unknown>)[name] === 'function',
  );
