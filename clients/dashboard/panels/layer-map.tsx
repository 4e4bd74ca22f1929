import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { ColourBar } from '../draw/colour-bar.tsx';
import { HeatMapCanvas } from '../draw/heat-map-canvas.tsx';
import type { Palette } from '../page/palette.ts';
import { colourLimit } from '../reduce/colour-scale.ts';
import { type Cell, heatMapLayout, matrixLayout } from '../reduce/heat-map.ts';
import type { LayerView } from '../reduce/layer-groups.ts';
import { shortNumber } from '../reduce/number-text.ts';

/** What the map of a layer is given. */
export interface LayerMapProps {
  readonly layer: LayerView;
  readonly isFirst: boolean;
  readonly palette: Palette;
}

/** One layer: its weights as a heat map, its biases as a strip below, and the colour key. */
export function LayerMap({ layer, isFirst, palette }: LayerMapProps): JSX.Element {
  const { name, weights, biases } = layer;
  const [units = 0, inputs = 0] = weights.shape;
  const [cell, setCell] = useState<Cell>();
  const [bias, setBias] = useState<Cell>();
  const limit = useSteadyLimit(weights.values);
  const layout = useMemo(
    () => heatMapLayout([units, inputs], { isFirst }),
    [units, inputs, isFirst],
  );
  const strip = useMemo(() => matrixLayout([1, units]), [units]);
  const shared = { table: palette.diverging, limit };
  const kind = layout.kind === 'fields' ? 'one picture a unit' : 'weights';
  return (
    <figure class="layer-map">
      <figcaption>
        <b>{name}</b> {inputs} → {units}, {kind}
      </figcaption>
      <div class="canvas-room">
        <HeatMapCanvas
          {...shared}
          values={weights.values}
          layout={layout}
          cell={cell}
          onCell={setCell}
          summary={`Weights of layer ${name}: ${units} units with ${inputs} inputs each`}
        />
      </div>
      {biases && (
        <div class="canvas-room biases">
          <HeatMapCanvas
            {...shared}
            values={biases.values}
            layout={strip}
            cell={bias}
            onCell={setBias}
            summary={`Biases of layer ${name}`}
          />
        </div>
      )}
      <p class="readout" aria-live="off">
        <ColourBar {...shared} />
        <span>{readingOf(layer, { cell, bias })}</span>
      </p>
    </figure>
  );
}

/** Follows the weights up at once, and down only when they have become half as large. */
function useSteadyLimit(values: Float32Array): number {
  const kept = useRef(0);
  const needed = useMemo(() => colourLimit(values), [values]);
  if (needed > kept.current || needed < kept.current / 2) kept.current = needed;
  return kept.current;
}

function readingOf(
  { weights, biases }: LayerView,
  { cell, bias }: { cell: Cell | undefined; bias: Cell | undefined },
): string {
  const inputs = weights.shape[1] ?? 0;
  if (cell) {
    const value = weights.values[cell.unit * inputs + cell.input] ?? Number.NaN;
    return `w(${cell.unit + 1}, ${cell.input + 1}) = ${shortNumber(value)}`;
  }
  if (bias) return `b(${bias.input + 1}) = ${shortNumber(biases?.values[bias.input] ?? NaN)}`;
  return '';
}
