import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { equationNumber } from '../show/number-text.ts';
import { contours, frameOf } from './contours.ts';

const width = 640;
const height = 420;

/** A path on the map, with its name. */
export interface MapPath {
  readonly name: string;
  readonly positions: readonly (readonly number[])[];
}

/** What the figure of two dimensions is given. */
export interface MapFigureProps {
  readonly value: (position: readonly number[]) => number;
  readonly paths: readonly MapPath[];
  /** Which position of each path is shown. */
  readonly at: number;
}

/** Contour lines, and the paths of one or more descents. */
export function MapFigure({ value, paths, at }: MapFigureProps): JSX.Element {
  const frame = useMemo(() => frameOf(paths.flatMap(({ positions }) => positions)), [paths]);
  const lines = useMemo(() => contours(value, frame), [value, frame]);
  const px = (x: number): number => (width * (x - frame.left)) / (frame.right - frame.left);
  const py = (y: number): number => height - (height * (y - frame.low)) / (frame.high - frame.low);
  const words = `Contour lines, and ${paths.length === 1 ? 'the path' : 'the paths'} of ${paths.map(({ name }) => name).join(', ')}`;
  return (
    <figure class="map">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        {lines.map((segments, level) => (
          <path
            key={level}
            class="contour"
            d={segments
              .map(
                ([x1, y1, x2, y2]) =>
                  `M${(x1 * width).toFixed(1)} ${(height - y1 * height).toFixed(1)}L${(x2 * width).toFixed(1)} ${(height - y2 * height).toFixed(1)}`,
              )
              .join('')}
          />
        ))}
        {paths.map(({ name, positions }, index) => {
          const shown = positions.slice(0, at + 1);
          const [x, y] = shown.at(-1)!;
          const points = shown.map(([a, b]) => `${px(a!).toFixed(1)},${py(b!).toFixed(1)}`);
          return (
            <g key={name} class={`path path-${index}`}>
              <polyline points={points.join(' ')} />
              <circle cx={px(x!)} cy={py(y!)} r={6} />
            </g>
          );
        })}
      </svg>
      <figcaption>
        x from {equationNumber(frame.left)} to {equationNumber(frame.right)}, y from{' '}
        {equationNumber(frame.low)} to {equationNumber(frame.high)}; each line joins points of equal
        height.
      </figcaption>
    </figure>
  );
}
