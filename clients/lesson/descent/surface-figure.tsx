import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { frameOf } from './contours.ts';
import type { MapFigureProps } from './map-figure.tsx';
import { surface } from './surface.ts';

const width = 640;
const height = 420;

/** The function as a surface, with the paths on it. It can be turned. */
export function SurfaceFigure({ value, paths, at }: MapFigureProps): JSX.Element {
  const [turn, setTurn] = useState(35);
  const frame = useMemo(() => frameOf(paths.flatMap(({ positions }) => positions)), [paths]);
  const { tiles, project } = useMemo(() => surface(value, frame, turn), [value, frame, turn]);
  const px = (x: number): string => (width * x).toFixed(1);
  const py = (y: number): string => (height * y).toFixed(1);
  const words = `The function as a surface, and ${paths.length === 1 ? 'the path' : 'the paths'} of ${paths.map(({ name }) => name).join(', ')} on it`;
  const drawn = useMemo(
    () =>
      tiles.map(({ corners, level }, index) => (
        <polygon
          key={index}
          class="tile"
          points={corners.map(([x, y]) => `${px(x)},${py(y)}`).join(' ')}
          fill-opacity={(0.12 + 0.6 * level).toFixed(2)}
        />
      )),
    [tiles],
  );
  return (
    <figure class="surface">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        {drawn}
        {paths.map(({ name, positions }, index) => {
          const shown = positions.slice(0, at + 1).map((position) => project(position));
          const [x, y] = shown.at(-1)!;
          return (
            <g key={name} class={`path path-${index}`}>
              <polyline points={shown.map(([a, b]) => `${px(a)},${py(b)}`).join(' ')} />
              <circle cx={px(x)} cy={py(y)} r={6} />
            </g>
          );
        })}
      </svg>
      <label class="turn">
        <span>turn the surface</span>
        <input
          type="range"
          min={0}
          max={360}
          step={5}
          value={turn}
          aria-valuetext={`${turn} degrees`}
          onInput={({ currentTarget }) => setTurn(currentTarget.valueAsNumber)}
        />
      </label>
      <figcaption>
        Darker is higher; heights are drawn as their cube roots, so that the valley is not flattened
        by the walls around it.
      </figcaption>
    </figure>
  );
}
