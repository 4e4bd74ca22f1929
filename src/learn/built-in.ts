const parts = new WeakSet<object>();

/**
 * Marks a part that a factory of this library made. A kernel may stand in for it; a part that a
 * user wrote under the same name is run as it is written.
 */
export const builtIn = <Part extends object>(part: Part): Part => {
  parts.add(part);
  return part;
};

/** Whether this library made the part. A copy of it, or a part around it, is not it. */
export const isBuiltIn = (part: object): boolean => parts.has(part);
