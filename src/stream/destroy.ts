/** What is needed of a Node stream to end it. */
interface NodeStreamLike {
  readonly destroyed: boolean;
  destroy(): unknown;
  on(event: 'error', listener: () => void): unknown;
  pipe(to: never): unknown;
}

/**
 * Ends a source at once if it is a Node stream. Its iterator would not: the `return()` of an async
 * generator waits for the requested value, and closes nothing if none was requested.
 */
export const destroyStream = (source: object): void => {
  if (!isNodeStream(source) || source.destroyed) return;
  // Nobody is left to hear of an error, and one that nobody hears ends the process.
  source.on('error', () => {});
  source.destroy();
};

/** Its `pipe` tells it from a cursor or a consumer, which its owner may continue to use. */
const isNodeStream = (source: object): source is NodeStreamLike =>
  ['destroy', 'on', 'pipe'].every(
    (name) => typeof (source as Record<string, unknown>)[name] === 'function',
  );
