import type { Role } from './server-messages.ts';

/** Who somebody is, as far as the server must know. */
export interface Identity {
  readonly roles: readonly Role[];
  /** The models that it may see. Absent: all. */
  readonly models?: readonly string[];
  /** When it stops being valid: milliseconds since the Unix epoch. */
  readonly expiresAt?: number;
}

/** Whether the model is one of those that the token is for. */
export const maySee = ({ models }: Identity, name: string): boolean =>
  models === undefined || models.includes(name);
