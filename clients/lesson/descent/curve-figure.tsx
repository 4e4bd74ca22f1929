import type { JSX } from 'preact';
import { equationNumber } from '../show/number-text.ts';

const width = 640;
const height = 300;
const samples = 240;

/** What the figure of one dimension is given. */
export interface CurveFigureProps {
  readonly value: (position: readonly number[]) => number;
  readonly gradient: (position: readonly number[]) => readonly number[];
  readonly positions: readonly (readonly number[])[];
  /** Which position is shown. */
  readonly at: number;
}

/** The curve, the ball on it, its tangent, and the way so far. */
export function CurveFigure({ value, gradient, positions, at }: CurveFigureProps): JSX.Element {
  const f = (x: number): number => value([x]);
  const visited = positions.map(([x]) => x!);
  const least = Math.min(...visited);
  const most = Math.max(...visited);
  const extra = (most - least) * 0.15 || 1;
  const [left, right] = [least - extra, most + extra];
  const xs = Array.from({ length: samples }, (_, i) => left + ((right - left) * i) / (samples - 1));
  const values = xs.map(f).filter(Number.isFinite);
  const bottom = Math.min(...values);
  const top = Math.max(...values, bottom + 1e-9);
  const px = (x: number): number => (width * (x - left)) / (right - left);
  // The cube root shows the valley, which the wall beside it would flatten.
  const py = (y: number): number =>
    height - 16 - (height - 32) * Math.cbrt((y - bottom) / (top - bottom));
  const here = visited[at]!;
  const slope = gradient([here])[0]!;
  const words = `The curve; step ${at} is at x = ${equationNumber(here)}, where the slope is ${equationNumber(slope)}`;
  const reach = (right - left) * 0.12;
  const tangent = [-1, -0.5, 0, 0.5, 1].map((share) => here + share * reach);
  const path = (points: readonly (readonly [number, number])[]): string =>
    points.map(([x, y]) => `${px(x).toFixed(1)},${py(Math.max(bottom, y)).toFixed(1)}`).join(' ');
  return (
    <figure class="curve">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        <polyline
          class="line"
          points={path(xs.filter((x) => Number.isFinite(f(x))).map((x) => [x, f(x)]))}
        />
        {visited.slice(0, at + 1).map((x, index) => (
          <circle key={index} class="trace" cx={px(x)} cy={py(f(x))} r={3} />
        ))}
        <polyline
          class="tangent"
          points={path(tangent.map((x) => [x, f(here) + slope * (x - here)]))}
        />
        <circle class="ball" cx={px(here)} cy={py(f(here))} r={8} />
      </svg>
      <figcaption>
        x from {equationNumber(left)} to {equationNumber(right)}; heights are drawn as their cube
        roots.
      </figcaption>
    </figure>
  );
}
