/** One line of a text; where it is longer than allowed, without its text. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  readonly text?: string;
}

/** The largest length of a line, in characters. */
const lineLengthMax = 1 << 20;

/**
 * Cuts a text into lines as it arrives; CR LF and LF end a line. A line without end is let go of at
 * a limit, so that it never fills the memory.
 */
export class LineSplitter {
  readonly #lengthMax: number;
  #rest = '';
  #number = 0;
  #isTooLong = false;

  constructor(lengthMax = lineLengthMax) {
    this.#lengthMax = lengthMax;
  }

  /** Takes more text. Returns the lines that are complete now. */
  push(text: string): Line[] {
    const pieces = text.split('\n');
    const lines: Line[] = [];
    for (let i = 0; i < pieces.length - 1; i += 1) {
      this.#take(pieces[i]!);
      lines.push(this.#complete());
    }
    this.#take(pieces.at(-1)!);
    return lines;
  }

  /** Takes the end of the text. Returns the line that was still open, if there is one. */
  end(): Line[] {
    return this.#rest === '' && !this.#isTooLong ? [] : [this.#complete()];
  }

  #take(piece: string): void {
    if (this.#isTooLong || this.#rest.length + piece.length > this.#lengthMax) {
      this.#isTooLong = true;
      this.#rest = '';
    } else {
      this.#rest += piece;
    }
  }

  #complete(): Line {
    this.#number += 1;
    const text = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest;
    const line = this.#isTooLong ? { number: this.#number } : { number: this.#number, text };
    this.#rest = '';
    this.#isTooLong = false;
    return line;
  }
}
