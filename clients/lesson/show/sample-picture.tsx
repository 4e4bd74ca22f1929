import type { JSX } from 'preact';
import { equationNumber } from './number-text.ts';

/** What a picture of inputs is given. */
export interface SamplePictureProps {
  /** 0 … 1, row by row. */
  readonly pixels: readonly number[];
  readonly width: number;
  readonly label: string;
  /** Called with new pixels where the reader draws; absent: it is only shown. */
  readonly onDraw?: (pixels: readonly number[]) => void;
}

const cell = 16;

/** Inputs as a picture of squares, on which a reader may draw by mouse, touch or keyboard. */
export function SamplePicture({ pixels, width, label, onDraw }: SamplePictureProps): JSX.Element {
  const height = pixels.length / width;
  const paint = (index: number, value: number): void =>
    onDraw?.(pixels.map((pixel, other) => (other === index ? value : pixel)));
  return (
    <svg
      class={onDraw ? 'picture drawable' : 'picture'}
      viewBox={`0 0 ${width * cell} ${height * cell}`}
      aria-label={label}
      role="img"
      onPointerDown={(event) => event.preventDefault()}
    >
      <title>{label}</title>
      {pixels.map((pixel, index) => (
        <rect
          key={index}
          x={(index % width) * cell}
          y={Math.floor(index / width) * cell}
          width={cell}
          height={cell}
          fill-opacity={Math.max(0, Math.min(1, pixel))}
          onPointerDown={() => paint(index, pixel > 0.5 ? 0 : 1)}
          onPointerEnter={(event) => {
            if (event.buttons === 1) paint(index, 1);
          }}
        />
      ))}
    </svg>
  );
}

/** Inputs as numbers that a reader may type. */
export function InputFields({
  values,
  nameOf,
  onChange,
}: {
  readonly values: readonly number[];
  readonly nameOf: (index: number) => string;
  readonly onChange: (values: readonly number[]) => void;
}): JSX.Element {
  return (
    <details class="inputs">
      <summary>Type the numbers</summary>
      <div class="fields">
        {values.map((value, index) => (
          <label key={index}>
            <span>{nameOf(index)}</span>
            <input
              type="number"
              step="any"
              value={equationNumber(value).replace('−', '-')}
              onChange={({ currentTarget: { valueAsNumber } }) => {
                if (!Number.isFinite(valueAsNumber)) return;
                onChange(values.map((old, other) => (other === index ? valueAsNumber : old)));
              }}
            />
          </label>
        ))}
      </div>
    </details>
  );
}
