/*
 * Characters of ASCII that readers of bytes look for. In a module of their own, without imports, the
 * bundler puts the numbers where the names are: compared with a variable, each byte takes a third longer.
 */

export const newline = 10;
export const carriageReturn = 13;
export const quote = 34;
export const minus = 45;
export const point = 46;
export const zero = 48;
export const nine = 57;
export const backslash = 92;
