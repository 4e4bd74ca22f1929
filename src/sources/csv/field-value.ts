/** A number where a field reads as one, null where it is empty, else its text. */
export const fieldValue = (field: string): number | string | null => {
  const value = Number(field);
  // Blank text is 0 to Number().
  if (value === 0) return field.trim() === '' ? null : 0;
  return Number.isNaN(value) ? (named[field.trim().toLowerCase()] ?? field) : value;
};

/** How other languages write what is no finite number. It is not text: an encoder refuses it. */
const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};
