import type { JSX } from 'preact';
import { shortNumber } from '../reduce/number-text.ts';

const [WIDTH, HEIGHT] = [96, 22];

/** How values are spread between −limit and +limit, with a line at zero. */
export function Histogram(props: { counts: readonly number[]; limit: number }): JSX.Element {
  const { counts, limit } = props;
  const tallest = Math.max(1, ...counts);
  const step = WIDTH / counts.length;
  const path = counts
    .map((count, part) => {
      const height = (HEIGHT * count) / tallest;
      return `M${part * step} ${HEIGHT}v${-height}h${step - 1}v${height}z`;
    })
    .join('');
  return (
    <svg
      class="histogram"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`values between −${shortNumber(limit)} and ${shortNumber(limit)}`}
    >
      <path d={path} />
      <line x1={WIDTH / 2} x2={WIDTH / 2} y1="0" y2={HEIGHT} />
    </svg>
  );
}
