import type { JSX } from 'preact';
import type { WhyGraph } from '../why/why-graph.ts';
import { equationNumber } from './number-text.ts';

/** A number that can be chosen, in running text or a table. */
export function Pick({
  graph,
  id,
  onPick,
}: {
  graph: WhyGraph;
  id: string;
  onPick: (id: string) => void;
}): JSX.Element {
  const { value, title } = graph.get(id);
  const text = equationNumber(value);
  return (
    <button
      type="button"
      class="pick"
      data-quantity={id}
      aria-label={`${title}: ${text}`}
      onClick={() => onPick(id)}
    >
      {text}
    </button>
  );
}
