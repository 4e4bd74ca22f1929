/** How many acknowledgements in time make a narrowed window wide again. */
const timelyToWiden = 32;

/**
 * How many frames of one subscription may be unacknowledged. Looking at what the socket has
 * buffered bounds memory but not age: megabytes hide in kernels and proxies. Two frames on the
 * way are enough, except for a distant viewer, who gets as many as fit in an idle round trip.
 */
export class CreditWindow {
  readonly #maxHz: number;
  readonly #fixed: number | undefined;
  readonly #unacknowledged: { readonly seq: number; readonly at: number }[] = [];
  #timely = timelyToWiden;

  constructor(maxHz: number, fixed?: number) {
    this.#maxHz = maxHz;
    this.#fixed = fixed;
  }

  /** Frames that were sent and not acknowledged. */
  get outstanding(): number {
    return this.#unacknowledged.length;
  }

  /** How wide it is, given the smallest round trip of an idle ping, in ms, as far as known. */
  size(idleRoundTripMs: number | undefined): number {
    if (this.#fixed !== undefined) return this.#fixed;
    if (idleRoundTripMs === undefined || this.#timely < timelyToWiden) return 2;
    const inOneRoundTrip = Math.ceil((this.#maxHz * idleRoundTripMs) / 1000);
    return Math.min(16, Math.max(2, inOneRoundTrip + 1));
  }

  sent(seq: number, at: number): void {
    this.#unacknowledged.push({ seq, at });
  }

  /** Frees this frame and all before it. One that was late narrows the window to two. */
  acknowledged(seq: number, now: number, idleRoundTripMs = 0): void {
    while (this.#unacknowledged.length > 0 && this.#unacknowledged[0]!.seq <= seq) {
      const { at } = this.#unacknowledged.shift()!;
      const isLate = now - at > 2 * idleRoundTripMs + 250;
      this.#timely = isLate ? 0 : this.#timely + 1;
    }
  }
}
