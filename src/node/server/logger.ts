/** Where a server says what happens at its door: a pino logger is one. Never a token, never a sample. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** Says nothing. */
export const silent: Logger = { info() {}, warn() {} };
