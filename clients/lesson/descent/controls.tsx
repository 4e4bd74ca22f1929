import type { JSX } from 'preact';
import { equationNumber } from '../show/number-text.ts';
import type { DescentSettings } from './descent-problem.ts';
import type { Preset } from './presets.ts';

/** The function, the start, the step size and the precision. */
export function Controls({
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
