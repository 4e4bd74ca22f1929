/** The bits of the eight dots of a braille character, by column and row. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** A picture of braille characters, each two dots wide and four high. */
export class BrailleCanvas {
  readonly width: number;
  readonly height: number;
  readonly #cells: Uint8Array;
  readonly #marks = new Map<number, string>();

  /** So many characters wide and high. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#cells = new Uint8Array(width * height);
  }

  /** Draws a dot; x and y are 0 … 1, y upwards. */
  dot(x: number, y: number): void {
    const column = Math.min(2 * this.width - 1, Math.floor(x * 2 * this.width));
    const row = Math.min(4 * this.height - 1, Math.floor((1 - y) * 4 * this.height));
    if (column < 0 || row < 0) return;
    this.#cells[(row >> 2) * this.width + (column >> 1)]! |= dots[column & 1]![row & 3]!;
  }

  /** Puts a character over the dots at x, y. */
  mark(x: number, y: number, character: string): void {
    const column = Math.min(this.width - 1, Math.floor(x * this.width));
    const row = Math.min(this.height - 1, Math.floor((1 - y) * this.height));
    this.#marks.set(row * this.width + column, character);
  }

  /** The picture, line by line. */
  lines(): string[] {
    return Array.from({ length: this.height }, (_, row) =>
      Array.from({ length: this.width }, (_, column) => {
        const cell = row * this.width + column;
        return this.#marks.get(cell) ?? String.fromCharCode(0x2800 + this.#cells[cell]!);
      }).join(''),
    );
  }
}
