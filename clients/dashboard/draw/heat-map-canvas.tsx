import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Cell, cellAt, type HeatMapLayout, paintHeatMap } from '../reduce/heat-map.ts';

/** What a heat map is given. */
export interface HeatMapCanvasProps {
  readonly values: Float32Array;
  readonly layout: HeatMapLayout;
  /** Of the palette. */
  readonly table: Uint8Array;
  readonly limit: number;
  readonly summary: string;
  readonly cell: Cell | undefined;
  readonly onCell: (cell: Cell | undefined) => void;
}

/** Weights as coloured cells; a pointer or the arrow keys pick one to be read. */
export function HeatMapCanvas(props: HeatMapCanvasProps): JSX.Element {
  const { values, layout, table, limit, summary, onCell } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useWholeScale(canvas, layout);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(layout.width, layout.height);
    paintHeatMap(values, layout, { table, limit, pixels: image.data });
    context.putImageData(image, 0, 0);
  }, [values, layout, table, limit]);
  return (
    <canvas
      ref={canvas}
      class="heat-map"
      width={layout.width}
      height={layout.height}
      style={{ width: `${layout.width * scale}px`, height: `${layout.height * scale}px` }}
      role="img"
      aria-label={summary}
      tabIndex={0}
      onPointerMove={(event) => onCell(cellUnder(event, layout, scale))}
      onPointerLeave={() => onCell(undefined)}
      onBlur={() => onCell(undefined)}
      onKeyDown={(event) => {
        const next = steppedCell(event.key, props.cell, layout);
        if (!next) return;
        onCell(next);
        event.preventDefault();
      }}
    />
  );
}

/** Cells are whole numbers of pixels wide, so that all look alike; a wide matrix may be less. */
function useWholeScale(
  canvas: { readonly current: HTMLCanvasElement | null },
  { width, height }: HeatMapLayout,
): number {
  const [room, setRoom] = useState(0);
  useLayoutEffect(() => {
    const parent = canvas.current?.parentElement;
    if (!parent) return;
    const size = new ResizeObserver(() => setRoom(parent.clientWidth));
    size.observe(parent);
    setRoom(parent.clientWidth);
    return () => size.disconnect();
  }, [canvas]);
  const fitting = Math.min(room / width, MOST_HEIGHT / height, LARGEST_CELL);
  return fitting >= 1 ? Math.floor(fitting) : Math.max(fitting, 0.1);
}

const MOST_HEIGHT = 290;
const LARGEST_CELL = 22;

function cellUnder(event: PointerEvent, layout: HeatMapLayout, scale: number): Cell | undefined {
  const [x, y] = [Math.floor(event.offsetX / scale), Math.floor(event.offsetY / scale)];
  return cellAt({ x, y }, layout);
}

/** Left and right go through the inputs of a unit, up and down through the units. */
function steppedCell(
  key: string,
  cell: Cell | undefined,
  { units, inputs }: HeatMapLayout,
): Cell | undefined {
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!move) return undefined;
  if (!cell) return { unit: 0, input: 0 };
  return {
    unit: (cell.unit + (move[0] ?? 0) + units) % units,
    input: (cell.input + (move[1] ?? 0) + inputs) % inputs,
  };
}
