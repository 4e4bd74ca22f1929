/** Bytes that are held for work under way, up to a bound; what is alone may be larger. */
export class PendingBytes {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that may be added now. */
  get left(): number {
    return Math.max(0, this.#bytesMax - this.#bytes);
  }

  /** Whether `bytes` more fit. Always if nothing is held: otherwise a large message would never pass. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#bytesMax;
  }

  /** Adds bytes; call what it returns once, when the work is done. */
  add(bytes: number): () => void {
    this.#bytes += bytes;
    return () => {
      this.#bytes -= bytes;
    };
  }
}
