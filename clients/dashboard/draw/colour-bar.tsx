import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { SHADES } from '../reduce/colour-scale.ts';
import { axisNumber } from '../reduce/number-text.ts';

/** Which colour stands for which value. */
export function ColourBar({ table, limit }: { table: Uint8Array; limit: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(SHADES, 1);
    for (let shade = 0; shade < SHADES; shade += 1) {
      image.data.set([...table.subarray(shade * 3, shade * 3 + 3), 255], shade * 4);
    }
    context.putImageData(image, 0, 0);
  }, [table]);
  const text = axisNumber(limit);
  return (
    <span class="colour-bar">
      −{text}
      <span aria-hidden="true">
        <canvas ref={canvas} width={SHADES} height={1} />
      </span>
      +{text}
    </span>
  );
}
