/** What gives the values of a record, each by its place. */
export interface ValueSource {
  value(place: number): unknown;
}

/** Makes a record of what a source gives. */
export type RecordMaker = (source: ValueSource) => Record<string, unknown>;

/** A record with more names has no fixed layout: code for it would gain nothing. */
const fixedMax = 500;

/**
 * What makes records with these names, of the values at these places. It is code of its own: an object
 * that is written out as a literal takes a quarter of the time of one that gets name after name. Names
 * are quoted as JSON: nothing that a source says is run.
 */
export const recordMaker = (names: readonly string[], places: readonly number[]): RecordMaker => {
  const slow: RecordMaker = (source) => assemble(names, places, source);
  if (names.length > fixedMax) return slow;
  const fields = names.map((name, i) => `${keyOf(name)}: source.value(${places[i]})`);
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- see above
    const make = new Function('source', `return { ${fields.join(', ')} };`) as RecordMaker;
    // Fields that have held nothing but numbers are copied whenever they are read by a name that varies.
    make({ value: () => null });
    return make;
  } catch {
    // Node was told not to make code from text.
    return slow;
  }
};

/** Makes one record of the values at these places. */
export const assemble = (
  names: readonly string[],
  places: readonly number[],
  source: ValueSource,
): Record<string, unknown> =>
  Object.fromEntries(names.map((name, i) => [name, source.value(places[i]!)]));

/** Written plainly, `__proto__` would not be a name. */
const keyOf = (name: string): string =>
  name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
