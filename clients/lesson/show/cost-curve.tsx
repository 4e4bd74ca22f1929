import type { JSX } from 'preact';
import { equationNumber } from './number-text.ts';

const width = 300;
const height = 70;

/** The mean cost over the last samples, as a line, and in words. */
export function CostCurve({ costs }: { costs: readonly number[] }): JSX.Element {
  if (costs.length < 2) {
    return <p class="hint">Learn some samples to see the mean cost fall.</p>;
  }
  const largest = Math.max(...costs);
  const points = costs.map((cost, index) => {
    const x = (width * index) / (costs.length - 1);
    return `${x.toFixed(1)},${(height - 4 - ((height - 8) * cost) / largest).toFixed(1)}`;
  });
  const words = `J_total over the last samples fell from ${equationNumber(costs[0]!)} to ${equationNumber(costs.at(-1)!)}`;
  return (
    <figure class="cost-curve">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <title>{words}</title>
        <polyline points={points.join(' ')} />
      </svg>
      <figcaption>
        mean cost of 50 samples: {equationNumber(costs[0]!)} → {equationNumber(costs.at(-1)!)}
      </figcaption>
    </figure>
  );
}
