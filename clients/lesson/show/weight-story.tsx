import type { JSX } from 'preact';
import { finiteDifferences } from '../model/finite-difference.ts';
import type { MovedWeight } from '../why/lesson-pass.ts';
import { ids } from '../why/names.ts';
import type { WhyGraph } from '../why/why-graph.ts';
import { equationNumber } from './number-text.ts';
import { Pick } from './pick.tsx';

/** What belongs to one weight: its numbers, and the two whose product is its gradient. */
interface WeightIds {
  readonly before: string;
  readonly gradient: string;
  readonly after: string;
  readonly delta: string;
  readonly input: string;
  readonly at: Omit<MovedWeight, 'move'>;
}

/** The weight that a number is of, where it is of one. */
const weightOf = (id: string, { pass: { model } }: WhyGraph): WeightIds | undefined => {
  const inner = /^(?:w'?|dJ\/dw)\/(\d+)\/(\d+)\/(\d+)$/.exec(id);
  if (inner) {
    const [layer, to, from] = inner.slice(1).map(Number) as [number, number, number];
    return {
      before: ids.weight(layer, to, from),
      gradient: ids.weightGradient(layer, to, from),
      after: ids.newWeight(layer, to, from),
      delta: ids.delta(layer + 1, to),
      input: ids.h(layer, from),
      at: { layer, to, from },
    };
  }
  const direct = /^(?:d'?|dJ\/dd)\/(\d+)\/(\d+)$/.exec(id);
  if (!direct) return undefined;
  const [to, from] = direct.slice(1).map(Number) as [number, number];
  return {
    before: ids.direct(to, from),
    gradient: `dJ/dd/${to}/${from}`,
    after: `d'/${to}/${from}`,
    delta: ids.delta(model.sizes.length, to),
    input: ids.h(1, from),
    at: { layer: model.sizes.length, to, from },
  };
};

/** Of a weight: its gradient, the same measured, and what the update makes of it. */
export function WeightStory({
  graph,
  id,
  onPick,
}: {
  graph: WhyGraph;
  id: string;
  onPick: (id: string) => void;
}): JSX.Element | null {
  const weight = weightOf(id, graph);
  if (!weight) return null;
  const { before, gradient, after } = weight;
  const hasUpdate = !graph.pass.part;
  return (
    <section class="story stack" aria-label="This weight and this sample">
      <h4>This weight and this sample</h4>
      <dl>
        <dt>before</dt>
        <dd>
          <Pick graph={graph} id={before} onPick={onPick} />
        </dd>
        <dt>gradient, by the chain rule</dt>
        <dd>
          <Pick graph={graph} id={gradient} onPick={onPick} />
        </dd>
        {finiteDifferences(graph.pass, weight.at).map(({ engine, step, value }) => (
          <div key={engine} class="measured">
            <dt>
              measured, {engine} engine (J at w ± {equationNumber(step)})
            </dt>
            <dd data-testid={`difference-${engine}`}>{equationNumber(value)}</dd>
          </div>
        ))}
        {hasUpdate && (
          <>
            <dt>after the update</dt>
            <dd>
              <Pick graph={graph} id={after} onPick={onPick} />
            </dd>
          </>
        )}
      </dl>
      {reasons(weight, graph).map((text) => (
        <p key={text}>{text}</p>
      ))}
    </section>
  );
}

/** Why the weight moves as it does, step by step. */
const reasons = (
  { before, after, gradient, delta, input }: WeightIds,
  graph: WhyGraph,
): string[] => {
  const [g, d, h] = [gradient, delta, input].map((id) => graph.get(id).value) as [
    number,
    number,
    number,
  ];
  if (g === 0) {
    const why =
      h === 0
        ? 'the unit that it leads from is 0, so it passes nothing on'
        : 'J does not depend on the unit that it leads to';
    return [`Its gradient is 0: ${why}. This sample says nothing about this weight.`];
  }
  const wish =
    `J would fall if the sum z of the unit that it leads to were ${d < 0 ? 'larger' : 'smaller'} ` +
    `(δ is ${d < 0 ? 'negative' : 'positive'}).`;
  const way =
    `Its input is ${h < 0 ? 'negative' : 'positive'}, so a larger weight makes that sum ` +
    `${h < 0 ? 'smaller' : 'larger'}, and J ${g < 0 ? 'smaller' : 'larger'}.`;
  if (graph.pass.part) return [wish, way];
  const change = graph.get(after).value - graph.get(before).value;
  return [wish, way, movement(g, change)];
};

const movement = (g: number, change: number): string => {
  const size = equationNumber(Math.abs(change));
  if (change === 0) return 'The step is too small to change it.';
  const verb = change > 0 ? 'grows' : 'shrinks';
  // With a velocity or a penalty a weight may go the other way for once.
  const isAgainst = change > 0 === g < 0;
  return isAgainst
    ? `Its gradient is ${equationNumber(g)}; the step goes against it, so the weight ${verb} by ${size}.`
    : `Its gradient is ${equationNumber(g)}, but the optimizer also remembers earlier samples, so the weight ${verb} by ${size}.`;
};
