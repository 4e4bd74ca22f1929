import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { MathView } from '../show/math-view.tsx';
import { constant, row } from '../why/formula.ts';
import { CurveFigure } from './curve-figure.tsx';
import { type Descent, type DescentSettings, outcomeText } from './descent-problem.ts';
import { MapFigure } from './map-figure.tsx';
import { race, racers } from './race.ts';

const playMs = 120;

/** The way of a descent, step by step, and how it ended. */
export function Way({
  descent,
  settings,
}: {
  descent: Exclude<Descent, { error: string }>;
  settings: DescentSettings;
}): JSX.Element {
  const { positions, value, gradient } = descent;
  const isFlat = settings.start.length === 2;
  const [isRace, setRace] = useState(false);
  const paths = useMemo(
    () =>
      isRace
        ? race(gradient, settings.start, settings.learningRate)
        : [{ name: 'gradient descent', positions }],
    [isRace, descent],
  );
  const last = Math.max(...paths.map((path) => path.positions.length)) - 1;
  const [at, setAt] = useState(0);
  const [isPlaying, play] = useState(false);
  const shown = Math.min(at, last);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setAt((before) => Math.min(last, before + 1)), playMs);
    return () => clearInterval(timer);
  }, [isPlaying, last]);
  useEffect(() => {
    if (shown === last) play(false);
  }, [shown, last]);
  return (
    <div class="way stack">
      {isFlat ? (
        <MapFigure value={value} paths={paths} at={shown} />
      ) : (
        <CurveFigure value={value} gradient={gradient} positions={positions} at={shown} />
      )}
      <div class="tools">
        <button
          type="button"
          class="button primary"
          onClick={() => {
            if (shown === last) setAt(0);
            play(!isPlaying);
          }}
        >
          {isPlaying ? 'pause' : 'play'}
        </button>
        <button
          type="button"
          class="button"
          disabled={shown === last}
          onClick={() => setAt(shown + 1)}
        >
          one step
        </button>
        {isFlat && (
          <button
            type="button"
            class="button"
            aria-pressed={isRace}
            onClick={() => setRace(!isRace)}
          >
            race five optimizers
          </button>
        )}
        <label class="grow">
          <span>
            step {shown} of {last}
          </span>
          <input
            type="range"
            min={0}
            max={last}
            value={shown}
            onInput={({ currentTarget }) => setAt(currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      {isRace ? <Legend /> : <StepEquation descent={descent} settings={settings} at={shown} />}
      {!isRace && (
        <p class="outcome" role="status" data-testid="outcome">
          {outcomeText(descent)}
        </p>
      )}
    </div>
  );
}

function Legend(): JSX.Element {
  return (
    <ul class="legend">
      {racers.map((name, index) => (
        <li key={name} class={`racer path-${index}`}>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** w ← w − α f′(w) with the numbers of this step. */
function StepEquation({
  descent: { positions, gradient },
  settings: { learningRate },
  at,
}: {
  descent: Exclude<Descent, { error: string }>;
  settings: DescentSettings;
  at: number;
}): JSX.Element {
  const before = positions[Math.max(0, at - 1)]!;
  const after = positions[at]!;
  const slopes = gradient(before);
  return (
    <section class="equations" tabindex={0} aria-label="This step">
      <MathView formula={row('w', '←', 'w', '−', 'α', '·', '∇', 'f', '(', 'w', ')')} />
      {at > 0 &&
        before.map((value, axis) => (
          <MathView
            key={axis}
            formula={row(
              constant(after[axis]!),
              '=',
              constant(value),
              '−',
              constant(learningRate),
              '·',
              constant(slopes[axis]!),
            )}
          />
        ))}
    </section>
  );
}
