/** How much one record from outside may hold. */
export interface NestingLimits {
  /** Levels of objects and arrays: `{ a: { b: 1 } }` has 2. */
  readonly depthMax: number;
  /** Values on all levels together, objects and arrays included. */
  readonly valuesMax: number;
}

/**
 * Why a record is too deep or too large, or undefined where it is not. What copies, encodes or prints a
 * record is recursive, and one that is nested 5,000 levels deep overflows its stack. This walk is not
 * recursive: it stops at the limits, whatever the record is, cyclic ones included.
 */
export const oversize = (record: object, limits: NestingLimits): string | undefined => {
  let level: readonly object[] = [record];
  let values = 0;
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.depthMax) return `nested deeper than ${limits.depthMax} levels`;
    const next: object[] = [];
    for (const holder of level) {
      for (const key in holder) {
        values += 1;
        if (values > limits.valuesMax) return `more than ${limits.valuesMax} values`;
        const value: unknown = (holder as Readonly<Record<string, unknown>>)[key];
        if (typeof value === 'object' && value !== null) next.push(value);
      }
    }
    level = next;
  }
  return undefined;
};
