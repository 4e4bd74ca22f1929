import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import { mainMeasure } from '../reduce/measures.ts';
import { percent, shortNumber, wholeNumber } from '../reduce/number-text.ts';

const EVERY_MS = 10_000;

/** Says in words, every ten seconds, what the charts show. */
export function Announcer({ view, isOn }: { view: View; isOn: boolean }): JSX.Element {
  const latest = useRef(view);
  latest.current = view;
  const [text, setText] = useState('');
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => setText(stateInWords(latest.current)), EVERY_MS);
    return () => clearInterval(timer);
  }, [isOn]);
  return (
    <p class="unseen" aria-live="polite" data-testid="spoken">
      {isOn ? text : ''}
    </p>
  );
}

/** The state of the training in one sentence. */
export function stateInWords({ step, cost, metrics }: View): string {
  if (!cost) return 'No samples yet.';
  const kind = metrics && mainMeasure(metrics.metrics);
  const value = (kind && metrics.metrics[kind.name]) ?? Number.NaN;
  const score = kind && `, ${kind.title} ${kind.isShare ? percent(value) : shortNumber(value)}`;
  return `Step ${wholeNumber(step)}: total cost ${shortNumber(cost.sum / cost.n)}${score ?? ''}.`;
}
