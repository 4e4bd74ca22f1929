import { type Colour, divergingTable } from '../reduce/colour-scale.ts';

/** The colours of the present theme, as canvases need them. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly primary: string;
  readonly secondary: string;
  readonly band: string;
  readonly alarm: string;
  /** Of {@link divergingTable}. */
  readonly diverging: Uint8Array;
}

/** Reads the palette from the style sheet, so that each colour is written down once. */
export function readPalette(): Palette {
  const probe = document.body.appendChild(document.createElement('i'));
  const colour = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    ink: colour('ink'),
    muted: colour('muted'),
    line: colour('line'),
    primary: colour('primary'),
    secondary: colour('secondary'),
    band: colour('band'),
    alarm: colour('alarm'),
    diverging: divergingTable({
      negative: channels(colour('negative')),
      zero: channels(colour('zero')),
      positive: channels(colour('positive')),
    }),
  };
  probe.remove();
  return palette;
}

/** Red, green and blue of a computed colour, such as `rgb(11, 94, 134)`. */
export function channels(colour: string): Colour {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}
