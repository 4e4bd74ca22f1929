import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { equationNumber } from './number-text.ts';

/** What a picture of inputs is given. */
export interface SamplePictureProps {
  /** 0 … largest, row by row. A missing one is shown as 0. */
  readonly pixels: readonly number[];
  readonly width: number;
  /** The value of a black pixel. Default 1. */
  readonly largest?: number;
  readonly label: string;
  /** Called with new pixels when the reader draws. */
  readonly onDraw: (pixels: readonly number[]) => void;
}

const cell = 16;

/** Where an arrow key moves to in a picture. */
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type PointerTarget = Pick<PointerEvent, 'clientX' | 'clientY'> & {
  readonly currentTarget: SVGSVGElement;
};

/** Inputs as a picture of squares, on which a reader draws by mouse, touch or keyboard. */
export function SamplePicture(props: SamplePictureProps): JSX.Element {
  const { pixels, width, largest = 1, label, onDraw } = props;
  const height = pixels.length / width;
  const [cursor, setCursor] = useState<number>();
  const paint = (index: number, value: number): void =>
    onDraw(pixels.map((pixel, other) => (other === index ? value : pixel)));
  const toggle = (index: number): void => paint(index, pixels[index]! > largest / 2 ? 0 : largest);
  /** Darkens what lies within one cell of the pointer, most in the middle. */
  const brush = ({ clientX, clientY, currentTarget }: PointerTarget): void => {
    const box = currentTarget.getBoundingClientRect();
    const [x, y] = [
      ((clientX - box.left) / box.width) * width - 0.5,
      ((clientY - box.top) / box.height) * height - 0.5,
    ];
    onDraw(
      pixels.map((pixel, index) => {
        const distance = Math.hypot((index % width) - x, Math.floor(index / width) - y);
        const dark = Math.min(1, 1.5 * Math.max(0, 1 - distance));
        return Math.max(pixel || 0, (Math.round(dark * 16) / 16) * largest);
      }),
    );
  };
  const press = (event: KeyboardEvent): void => {
    const at = cursor ?? 0;
    const move = moves[event.key];
    if (event.key === ' ') toggle(at);
    else if (move) {
      const x = Math.min(width - 1, Math.max(0, (at % width) + move[0]));
      const y = Math.min(height - 1, Math.max(0, Math.floor(at / width) + move[1]));
      setCursor(y * width + x);
    } else return;
    event.preventDefault();
  };
  // As one object: HTML has no element for a drawing that takes keys.
  const keyboard = {
    role: 'application',
    'aria-label': label,
    tabIndex: 0,
    onKeyDown: press,
    onFocus: () => setCursor(cursor ?? 0),
    onBlur: () => setCursor(undefined),
  } as const;
  return (
    <div class="picture-frame" {...keyboard}>
      <svg
        class="picture"
        viewBox={`0 0 ${width * cell} ${height * cell}`}
        aria-hidden="true"
        onPointerDown={(event) => {
          event.preventDefault();
          brush(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) brush(event);
        }}
      >
        {pixels.map((pixel, index) => (
          <rect
            key={index}
            class={index === cursor ? 'pixel cursor' : 'pixel'}
            x={(index % width) * cell}
            y={Math.floor(index / width) * cell}
            width={cell}
            height={cell}
            fill-opacity={Math.max(0, Math.min(1, (pixel || 0) / largest))}
          />
        ))}
      </svg>
      {cursor !== undefined && (
        <span class="unseen" role="status">
          row {Math.floor(cursor / width) + 1}, column {(cursor % width) + 1}:{' '}
          {equationNumber(pixels[cursor] ?? 0)}
        </span>
      )}
    </div>
  );
}

/** More fields than this are not shown: they would be slow, and of no use. */
const fieldsMax = 256;

/** Inputs as numbers that a reader may type. An empty field is a missing value. */
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
      {values.length > fieldsMax && (
        <p class="hint">
          The first {fieldsMax} of {values.length.toLocaleString('en')} inputs.
        </p>
      )}
      <div class="fields">
        {values.slice(0, fieldsMax).map((value, index) => (
          <label key={index}>
            <span>{nameOf(index)}</span>
            <input
              type="number"
              step="any"
              placeholder="missing"
              value={Number.isNaN(value) ? '' : equationNumber(value).replace('−', '-')}
              onChange={({ currentTarget: { value: text, valueAsNumber } }) => {
                const next = text === '' ? Number.NaN : valueAsNumber;
                onChange(values.map((old, other) => (other === index ? next : old)));
              }}
            />
          </label>
        ))}
      </div>
    </details>
  );
}
