import type { JSX } from 'preact';
import { ids } from '../why/names.ts';
import type { WhyGraph } from '../why/why-graph.ts';
import { equationNumber } from './number-text.ts';
import { pickable } from './pickable.ts';

/** More units than this are drawn as a few, with dots between them. */
const unitsShown = 10;
const width = 640;
const height = 300;

/** What the figure is given. */
export interface NetworkFigureProps {
  readonly graph: WhyGraph;
  /** The layer of the present step, from 1. */
  readonly layer: number;
  readonly onPick: (id: string) => void;
}

interface Spot {
  readonly unit: number;
  readonly x: number;
  readonly y: number;
}

/** The first units of a layer, and the last ones where there are too many. */
const unitsOf = (count: number): number[] => {
  if (count <= unitsShown) return Array.from({ length: count }, (_, unit) => unit);
  const head = Array.from({ length: unitsShown - 2 }, (_, unit) => unit);
  return [...head, count - 1];
};

const spotsOf = (count: number, layer: number, layers: number): Spot[] => {
  const units = unitsOf(count);
  const isCut = units.length < count;
  const rows = units.length + (isCut ? 1 : 0);
  const x = 60 + ((width - 120) * layer) / (layers - 1);
  return units.map((unit, index) => {
    const place = isCut && index === units.length - 1 ? index + 1 : index;
    return { unit, x, y: (height * (place + 0.5)) / rows };
  });
};

/** The network with this sample in it: units by their h, edges by their weights. */
export function NetworkFigure({ graph, layer, onPick }: NetworkFigureProps): JSX.Element {
  const { sizes } = graph.pass.model;
  const spots = sizes.map((count, index) => spotsOf(count, index, sizes.length));
  return (
    <figure class="network">
      <svg viewBox={`0 0 ${width} ${height}`}>
        <title>The network with this sample in it</title>
        {spots.slice(1).map((to, index) => (
          <Edges
            key={index}
            graph={graph}
            layer={index + 1}
            from={spots[index]!}
            to={to}
            isLit={index + 2 === layer}
          />
        ))}
        {spots.map((units, index) => (
          <Units
            key={index}
            graph={graph}
            layer={index + 1}
            units={units}
            isLit={index + 1 === layer}
            onPick={onPick}
          />
        ))}
        {spots.map((units, index) =>
          units.length < sizes[index]! ? (
            <text
              key={index}
              class="more"
              x={units[0]!.x}
              y={(units.at(-2)!.y + units.at(-1)!.y) / 2 + 4}
            >
              ⋮
            </text>
          ) : null,
        )}
      </svg>
      <figcaption>
        {sizes.join(' – ')} units. Blue and solid is positive, orange and dashed negative; a fuller
        circle is a larger h. Choose a unit to see how its h was computed.
      </figcaption>
    </figure>
  );
}

function Edges({
  graph,
  layer,
  from,
  to,
  isLit,
}: {
  graph: WhyGraph;
  layer: number;
  from: readonly Spot[];
  to: readonly Spot[];
  isLit: boolean;
}): JSX.Element {
  const edges = to.flatMap((end) =>
    from.map((start) => ({
      start,
      end,
      w: graph.get(ids.weight(layer, end.unit, start.unit)).value,
    })),
  );
  const largest = Math.max(...edges.map(({ w }) => Math.abs(w)), 1e-12);
  return (
    <g class={isLit ? 'edges lit' : 'edges'}>
      {edges.map(({ start, end, w }) => (
        <line
          key={`${start.unit}-${end.unit}`}
          class={w < 0 ? 'negative' : 'positive'}
          x1={start.x}
          y1={start.y}
          x2={end.x}
          y2={end.y}
          stroke-width={0.3 + (3.7 * Math.abs(w)) / largest}
        />
      ))}
    </g>
  );
}

function Units({
  graph,
  layer,
  units,
  isLit,
  onPick,
}: {
  graph: WhyGraph;
  layer: number;
  units: readonly Spot[];
  isLit: boolean;
  onPick: (id: string) => void;
}): JSX.Element {
  return (
    <g class={isLit ? 'units lit' : 'units'}>
      {units.map(({ unit, x, y }) => {
        const id = ids.h(layer, unit);
        const { value, title } = graph.get(id);
        return (
          <g
            key={unit}
            class="unit"
            data-quantity={id}
            {...pickable(`${title}: h = ${equationNumber(value)}`, () => onPick(id))}
          >
            <circle class="back" cx={x} cy={y} r={11} />
            <circle
              class={value < 0 ? 'fill negative' : 'fill positive'}
              cx={x}
              cy={y}
              r={10 * Math.sqrt(Math.min(1, Math.abs(value)))}
            />
            <title>{`${title}: ${equationNumber(value)}`}</title>
          </g>
        );
      })}
    </g>
  );
}
