/** Of a larger value no more is counted: one that contains itself would have no end. */
const countedMax = 67_108_864;

/**
 * About how many bytes of memory a value keeps alive: plain data, as JSON or a structured clone has it.
 * An estimate from above for small values in Node: 2 bytes a UTF-16 unit, 8 a number, and what objects
 * and their keys cost. Takes time in proportion to the value, at any depth of nesting. A value of more
 * than 64 MiB, or one that contains itself, counts as somewhat more than 64 MiB.
 */
export const heldBytes = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return leafBytes(value);
  let bytes = 0;
  // Not recursive: what comes from outside may be nested deeper than the stack is.
  const pending: object[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (bytes > countedMax) break;
    if (ArrayBuffer.isView(next)) bytes += viewBytes + next.byteLength;
    else if (Array.isArray(next)) bytes += objectBytes + elementBytes(next, pending);
    else bytes += objectBytes + fieldBytes(next, pending);
  }
  return bytes;
};

const objectBytes = 64;
const viewBytes = 128;
const textBytes = 24;
const slotBytes = 8;
/** A key of an object that has a layout of its own. */
const keyBytes = 48;

const elementBytes = (elements: readonly unknown[], pending: object[]): number => {
  let bytes = 0;
  for (const element of elements) {
    if (typeof element === 'object' && element !== null) {
      pending.push(element);
      bytes += slotBytes;
    } else bytes += leafBytes(element);
  }
  return bytes;
};

const fieldBytes = (record: object, pending: object[]): number => {
  let bytes = 0;
  for (const key in record) {
    const value = (record as Record<string, unknown>)[key];
    if (value === undefined) continue;
    bytes += keyBytes + 2 * key.length;
    if (typeof value === 'object' && value !== null) pending.push(value);
    else bytes += leafBytes(value);
  }
  return bytes;
};

const leafBytes = (value: unknown): number =>
  typeof value === 'string' ? textBytes + 2 * value.length : slotBytes;
