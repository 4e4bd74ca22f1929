import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { MathView } from '../show/math-view.tsx';
import { equationNumber } from '../show/number-text.ts';
import { constant, row } from '../why/formula.ts';
import { CurveFigure } from './curve-figure.tsx';
import { type Descent, type DescentSettings, outcomeText } from './descent-problem.ts';
import { MapFigure } from './map-figure.tsx';
import { type Racer, race } from './race.ts';
import { SurfaceFigure } from './surface-figure.tsx';

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
      isRace ? race(gradient, settings) : [{ name: 'gradient descent', positions, ended: '' }],
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
        <div class="two-ways">
          <MapFigure value={value} paths={paths} at={shown} />
          <SurfaceFigure value={value} paths={paths} at={shown} />
        </div>
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
      {isRace ? (
        <Standings racers={paths} value={value} at={shown} />
      ) : (
        <StepEquation descent={descent} settings={settings} at={shown} />
      )}
      {!isRace && (
        <p class="outcome" role="status" data-testid="outcome">
          {outcomeText(descent)}
        </p>
      )}
    </div>
  );
}

/** Where each racer is at this step, the lowest first. */
function Standings({
  racers,
  value,
  at,
}: {
  racers: readonly Racer[];
  value: (position: readonly number[]) => number;
  at: number;
}): JSX.Element {
  const rows = racers.map(({ name, positions, ended }, index) => {
    const step = Math.min(at, positions.length - 1);
    const isOver = at >= positions.length - 1;
    return { name, index, height: value(positions[step]!), outcome: isOver ? ended : undefined };
  });
  rows.sort((one, other) => rank(one) - rank(other));
  return (
    <section class="scroll" tabindex={0} aria-label="The race so far">
      <table class="standings">
        <thead>
          <tr>
            <th scope="col">optimizer</th>
            <th scope="col">height f</th>
            <th scope="col">how it ended</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, index, height, outcome }) => (
            <tr key={name}>
              <th scope="row" class={`racer path-${index}`}>
                {name}
              </th>
              <td>{equationNumber(height)}</td>
              <td class="words">{outcome ?? '…'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One that has diverged comes last. */
const rank = ({ height, outcome }: { height: number; outcome: string | undefined }): number =>
  outcome?.startsWith('diverged') || Number.isNaN(height) ? Number.POSITIVE_INFINITY : height;

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
