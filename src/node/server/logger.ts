/** Where a server says what happens at its door: a pino logger is one. Never a token, never a sample. */
export interface Logger {
  /** Receives what happens as expected. */
  info(fields: object, message: string): void;
  /** Receives what was refused or went wrong. */
  warn(fields: object, message: string): void;
}

/** Says nothing. */
export const silent: Logger = { info() {}, warn() {} };
