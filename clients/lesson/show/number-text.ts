/** A number in a line of an equation: four significant digits, a true minus sign. */
export const equationNumber = (value: number): string => {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value).replace('-', '−');
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? value.toExponential(3) : value.toPrecision(4);
  return text.replaceAll('-', '−');
};

/** A number with all of its digits. */
export const wholeNumberText = (value: number): string => String(value).replaceAll('-', '−');
