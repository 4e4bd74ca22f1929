import type { JSX } from 'preact';
import type { View } from '../board/view.ts';
import { bytesText, shortNumber, wholeNumber } from '../reduce/number-text.ts';
import { Figure } from './figure.tsx';

/** How the server and this connection are doing; folded until asked for. */
export function HealthPanel({ view }: { view: View }): JSX.Element {
  const { metrics, model, frames } = view;
  const { live = 0, conflated = 0, lagged = 0 } = metrics?.subscribers ?? {};
  const whole = (value: number | undefined): string =>
    value === undefined ? '–' : wholeNumber(value);
  return (
    <details class="panel health">
      <summary>
        <h2>Health</h2>
      </summary>
      <dl class="figures">
        <Figure label="samples a second" value={shortNumber(metrics?.samplesPerSecond ?? NaN)} />
        <Figure label="samples waiting" value={whole(metrics?.lag)} />
        <Figure label="samples left out" value={whole(metrics?.dropped)} />
        <Figure label="samples refused" value={whole(metrics?.rejected)} />
        <Figure
          label="event loop delay"
          value={metrics ? `${metrics.process.eventLoopDelay.toFixed(1)} ms` : '–'}
        />
        <Figure
          label="memory of the server"
          value={metrics ? bytesText(metrics.process.rss) : '–'}
        />
        <Figure label="subscriptions up to date" value={whole(live)} />
        <Figure label="that skip frames" value={whole(conflated)} />
        <Figure label="that lag" value={whole(lagged)} />
        <Figure label="frames received here" value={wholeNumber(frames.received)} />
        <Figure label="frames left out for newer ones" value={wholeNumber(frames.conflated)} />
        <Figure label="parameters" value={whole(model?.parameters)} />
        <Figure label="source" value={model?.source || '–'} />
      </dl>
    </details>
  );
}
