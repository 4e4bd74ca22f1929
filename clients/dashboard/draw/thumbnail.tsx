import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { channels } from '../page/palette.ts';
import type { Colour } from '../reduce/colour-scale.ts';

/** What a thumbnail is given. */
export interface ThumbnailProps {
  readonly x: readonly (number | null)[];
  readonly side: number;
  readonly ink: string;
}

/** A square of features as a small picture in shades of the ink, from its least to its largest. */
export function Thumbnail({ x, side, ink }: ThumbnailProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(side, side);
    shade(x, channels(ink), image.data);
    context.putImageData(image, 0, 0);
  }, [x, side, ink]);
  return (
    <span class="thumbnail" aria-hidden="true">
      <canvas ref={canvas} width={side} height={side} />
    </span>
  );
}

function shade(x: readonly (number | null)[], ink: Colour, pixels: Uint8ClampedArray): void {
  const values = x.map((value) => value ?? 0);
  const least = Math.min(...values);
  const span = Math.max(...values) - least || 1;
  values.forEach((value, index) => {
    pixels.set([...ink, (255 * (value - least)) / span], index * 4);
  });
}
