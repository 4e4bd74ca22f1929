import type { JSX } from 'preact';
import type { Quantity } from '../why/quantity.ts';
import type { WhyGraph } from '../why/why-graph.ts';
import { MathView } from './math-view.tsx';
import { equationNumber, wholeNumberText } from './number-text.ts';
import { Pick } from './pick.tsx';
import { WeightStory } from './weight-story.tsx';

/** What the panel is given: the numbers that were chosen, the last of which it explains. */
export interface WhyPanelProps {
  readonly graph: WhyGraph;
  readonly trail: readonly string[];
  readonly onPick: (id: string) => void;
  /** Goes back to a number of the trail. */
  readonly onBack: (length: number) => void;
}

/** How one number was computed; each number in it can be asked in turn. */
export function WhyPanel({ graph, trail, onPick, onBack }: WhyPanelProps): JSX.Element {
  const id = trail.at(-1);
  if (id === undefined) {
    return (
      <p class="hint">
        Choose any number, anywhere on this page, to see how it was computed from others.
      </p>
    );
  }
  const quantity = graph.get(id);
  const titleOf = (other: string): string => graph.get(other).title;
  return (
    <div class="why stack">
      <Trail graph={graph} trail={trail} onBack={onBack} />
      <h3>{quantity.title}</h3>
      <p class="value" data-testid="why-value" data-id={id}>
        <MathView formula={quantity.symbol} isBlock={false} /> = {wholeNumberText(quantity.value)}
      </p>
      {quantity.equation && (
        <section class="equations" tabindex={0} aria-label="Its equation">
          <MathView formula={quantity.equation.symbols} />
          <MathView formula={quantity.equation.numbers} onPick={onPick} titleOf={titleOf} />
        </section>
      )}
      <p>{quantity.reason}</p>
      <Terms graph={graph} quantity={quantity} onPick={onPick} />
      <WeightStory graph={graph} id={id} onPick={onPick} />
    </div>
  );
}

function Trail({ graph, trail, onBack }: Omit<WhyPanelProps, 'onPick'>): JSX.Element {
  const shown = trail.slice(-5);
  const first = trail.length - shown.length;
  return (
    <ol class="trail" aria-label="The numbers that led here">
      {shown.map((id, index) => (
        <li key={index}>
          <button
            type="button"
            class="link"
            aria-current={index === shown.length - 1 ? 'true' : undefined}
            onClick={() => onBack(first + index + 1)}
          >
            <span class="unseen">{graph.get(id).title}</span>
            <span aria-hidden="true">
              <MathView formula={graph.get(id).symbol} isBlock={false} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const termsShownAtOnce = 4;

/** All terms of a long sum, which the equation shortens. */
function Terms({
  graph,
  quantity: { terms },
  onPick,
}: {
  graph: WhyGraph;
  quantity: Quantity;
  onPick: (id: string) => void;
}): JSX.Element | null {
  if (!terms || terms.length <= termsShownAtOnce) return null;
  return (
    <details class="terms">
      <summary>All {terms.length} terms</summary>
      <section class="scroll" tabindex={0} aria-label="All terms of the sum">
        <table>
          <tbody>
            {terms.map(({ factors }, index) => (
              <tr key={index}>
                <th scope="row">{index + 1}</th>
                {factors.map((factor) => (
                  <td key={factor}>
                    <Pick graph={graph} id={factor} onPick={onPick} />
                  </td>
                ))}
                <td>
                  {equationNumber(
                    factors.reduce((product, factor) => product * graph.get(factor).value, 1),
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
