/** A session that stood for so long, in milliseconds, was no short one. */
const shortMs = 60_000;

/** The delay before the client connects again, in milliseconds: at first, and at most. */
const delayMinMs = 500;
const delayMaxMs = 8_000;

/**
 * Counts sessions that are lost soon after they stood, and that the broker then grants again at the first
 * attempt. So it goes when two clients have one id: each connection takes the session from the other
 * (MQTT 5, section 3.1.4). A broker that restarts, or a network that fails, makes attempts fail as well.
 */
export class ShortSessions {
  #count = 0;
  #connectedMs: number | undefined;

  /** The delay before the next attempt, in milliseconds: doubled with each short session. */
  get delayMs(): number {
    return Math.min(delayMaxMs, delayMinMs << Math.min(10, Math.max(0, this.#count - 2)));
  }

  /** How many short sessions there were in a row. */
  get count(): number {
    return this.#count;
  }

  connected(nowMs: number): void {
    this.#connectedMs = nowMs;
  }

  /** A connection, or an attempt to make one, has ended. */
  closed(nowMs: number): void {
    const stoodMs = this.#connectedMs === undefined ? undefined : nowMs - this.#connectedMs;
    this.#connectedMs = undefined;
    this.#count = stoodMs !== undefined && stoodMs < shortMs ? this.#count + 1 : 0;
  }
}
