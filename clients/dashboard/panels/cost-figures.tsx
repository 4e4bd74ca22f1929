import type { JSX } from 'preact';
import type { CostFrame } from '../../../src/client/index.ts';
import { shortNumber, wholeNumber } from '../reduce/number-text.ts';
import { Figure } from './figure.tsx';

/** The cost in numbers: the overall mean first and largest. */
export function CostFigures({ cost }: { cost: CostFrame | undefined }): JSX.Element {
  const overall = cost && cost.n > 0 ? cost.sum / cost.n : Number.NaN;
  const windowed = cost?.windowed;
  return (
    <dl class="figures">
      <Figure
        isLarge
        label={`mean over all ${wholeNumber(cost?.n ?? 0)}`}
        value={cost ? shortNumber(overall) : '–'}
        testId="total-cost"
      />
      <Figure
        label={`mean over the last ${wholeNumber(windowed?.n ?? 0)}`}
        value={windowed ? shortNumber(windowed.mean ?? Number.NaN) : '–'}
        tone="recent"
        testId="recent-cost"
      />
      <Figure
        label="samples not finite"
        value={wholeNumber(cost?.nonFinite ?? 0)}
        tone={cost && cost.nonFinite > 0 ? 'alarm' : undefined}
      />
    </dl>
  );
}
