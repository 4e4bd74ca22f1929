import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { MathView } from '../show/math-view.tsx';
import { equationNumber } from '../show/number-text.ts';
import { constant, row } from '../why/formula.ts';
import { CurveFigure } from './curve-figure.tsx';
import { type Descent, type DescentSettings, descend, outcomeText } from './descent-problem.ts';
import { MapFigure } from './map-figure.tsx';
import { race, racers } from './race.ts';

interface Preset extends DescentSettings {
  readonly title: string;
}

const precision = 0.00001;

const presets: readonly (readonly Preset[])[] = [
  [
    { title: 'the classic', formula: 'x^4 - 3x^3 + 2', start: [6], learningRate: 0.01, precision },
    { title: 'a bowl', formula: 'x^2', start: [4], learningRate: 0.1, precision },
    {
      title: 'two valleys',
      formula: 'x^4 - 4x^2 + x',
      start: [2.4],
      learningRate: 0.02,
      precision,
    },
    { title: 'a flat end', formula: 'x * tanh(x)', start: [5], learningRate: 0.2, precision },
  ],
  [
    { title: 'a long bowl', formula: 'x^2 + 5y^2', start: [-4, 2], learningRate: 0.05, precision },
    {
      title: 'a bent valley',
      formula: '(1 - x)^2 + 4(y - x^2)^2',
      start: [-1.2, 1.6],
      learningRate: 0.01,
      precision,
    },
    {
      title: 'four bowls',
      formula: '(x^2 - 4)^2 / 8 + (y^2 - 2)^2 / 4 + x / 4',
      start: [0.4, 0.2],
      learningRate: 0.05,
      precision,
    },
  ],
];

/** Gradient descent to play with, in one dimension or two. */
export function DescentView(): JSX.Element {
  const [dimensions, setDimensions] = useState(1);
  return (
    <div class="descent">
      <fieldset class="choice">
        <legend class="unseen">Dimensions</legend>
        {['one dimension', 'two dimensions'].map((title, index) => (
          <button
            key={title}
            type="button"
            class="button"
            aria-pressed={dimensions === index + 1}
            onClick={() => setDimensions(index + 1)}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <Playground key={dimensions} presets={presets[dimensions - 1]!} />
    </div>
  );
}

function Playground({ presets: choices }: { presets: readonly Preset[] }): JSX.Element {
  const [settings, set] = useState<DescentSettings>(choices[0]!);
  const change = (part: Partial<DescentSettings>): void => set({ ...settings, ...part });
  const descent = useMemo(() => descend(settings), [settings]);
  return (
    <section class="card" aria-labelledby="descent-title">
      <h2 id="descent-title">Gradient descent</h2>
      <p>
        A ball rolls downhill: each step goes against the slope, as far as the step size α says. A
        network learns in the same way, with all of its weights as the position and J as the height.
      </p>
      <Controls choices={choices} settings={settings} onChange={change} onChoose={set} />
      {'error' in descent ? (
        <p class="error" role="alert">
          {descent.error}
        </p>
      ) : (
        <Way key={JSON.stringify(settings)} descent={descent} settings={settings} />
      )}
    </section>
  );
}

function Controls({
  choices,
  settings,
  onChange,
  onChoose,
}: {
  choices: readonly Preset[];
  settings: DescentSettings;
  onChange: (part: Partial<DescentSettings>) => void;
  onChoose: (settings: DescentSettings) => void;
}): JSX.Element {
  const { formula, start, learningRate } = settings;
  return (
    <div class="controls">
      <div class="tools">
        {choices.map((preset) => (
          <button
            key={preset.title}
            type="button"
            class="button"
            aria-pressed={preset.formula === formula}
            onClick={() => onChoose(preset)}
          >
            {preset.title}
          </button>
        ))}
      </div>
      <label>
        <span>f({start.length === 1 ? 'x' : 'x, y'}) =</span>
        <input
          type="text"
          spellcheck={false}
          value={formula}
          maxLength={1000}
          onInput={({ currentTarget: { value } }) => onChange({ formula: value })}
        />
      </label>
      {start.map((value, axis) => (
        <Slider
          key={axis}
          label={`start ${'xy'[axis]}`}
          value={value}
          range={[-6, 6.5, 0.1]}
          onChange={(next) =>
            onChange({ start: start.map((old, other) => (other === axis ? next : old)) })
          }
        />
      ))}
      <Slider
        label="step size α"
        value={Math.log10(learningRate)}
        text={String(learningRate)}
        range={[-4, 0.5, 0.05]}
        onChange={(next) => onChange({ learningRate: Number((10 ** next).toPrecision(2)) })}
      />
      <Slider
        label="precision"
        value={Math.log10(settings.precision)}
        text={String(settings.precision)}
        range={[-9, -1, 1]}
        onChange={(next) => onChange({ precision: Number(`1e${Math.round(next)}`) })}
      />
    </div>
  );
}

function Slider({
  label,
  value,
  text = equationNumber(value),
  range: [min, max, step],
  onChange,
}: {
  label: string;
  value: number;
  text?: string;
  range: readonly [number, number, number];
  onChange: (value: number) => void;
}): JSX.Element {
  return (
    <label>
      <span>
        {label}: <output>{text}</output>
      </span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  );
}

const playMs = 120;

function Way({
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
