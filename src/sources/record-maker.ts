/** What gives the values of a record, each by its place. */
export interface ValueSource {
  value(place: number): unknown;
  /** The value as it is written; null where it is empty. Default: `value`. */
  written?(place: number): string | null;
}

/** Makes a record of what a source gives. */
export type RecordMaker = (source: ValueSource) => Record<string, unknown>;

/** A record with more names has no fixed layout: code for it would gain nothing. */
const fixedMax = 500;

/**
 * What makes records with these names, of the values at these places; of some names as they are
 * written. It is code of its own: an object
 * whose names are written out takes a quarter of the time of one that gets name after name. Names are
 * quoted as JSON: nothing that a source says is run.
 */
export const recordMaker = (
  names: readonly string[],
  places: readonly number[],
  isWritten: (name: string) => boolean = () => false,
): RecordMaker => {
  const slow: RecordMaker = (source) => assemble(names, places, source, isWritten);
  // What every object inherits may have a setter, or be frozen.
  if (names.length > fixedMax || names.some((name) => name in Object.prototype)) return slow;
  const lines = names.map(
    (name, i) =>
      `this[${JSON.stringify(name)}] = source.${isWritten(name) ? 'written' : 'value'}(${places[i]});`,
  );
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    const Made = new Function('source', lines.join('\n')) as unknown as Constructor;
    Made.prototype = Object.prototype;
    // Fields that have held nothing but numbers are copied whenever they are read by a name that varies.
    new Made({ value: () => null, written: () => null });
    // No literal, for the reason that MadeExample is of a class.
    return (source) => new Made(source);
  } catch {
    // Node runs with --disallow-code-generation-from-strings.
    return slow;
  }
};

interface Constructor {
  prototype: object;
  new (source: ValueSource): Record<string, unknown>;
}

/** Makes one record of the values at these places. */
export const assemble = (
  names: readonly string[],
  places: readonly number[],
  source: ValueSource,
  isWritten: (name: string) => boolean = () => false,
): Record<string, unknown> =>
  Object.fromEntries(
    names.map((name, i) => {
      const place = places[i]!;
      return [
        name,
        isWritten(name) && source.written ? source.written(place) : source.value(place),
      ];
    }),
  );
