import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { firstPoints, pointKinds, pointSample, pointsTopic } from '../own/points-topic.ts';

const size = 240;
const cells = 24;

/** A step of the keyboard in the plane. */
const stride = 0.1;

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-stride, 0],
  ArrowRight: [stride, 0],
  ArrowUp: [0, stride],
  ArrowDown: [0, -stride],
};

const limited = (value: number): number => Math.round(Math.max(-1, Math.min(1, value)) * 100) / 100;
const px = (x: number): number => ((x + 1) / 2) * size;
const py = (y: number): number => ((1 - y) / 2) * size;

/** A plane of points of two kinds, and what the network answers everywhere in it. */
export function PointsPanel({
  lesson,
  state,
}: {
  lesson: Lesson;
  state: LessonState;
}): JSX.Element | null {
  const [kind, setKind] = useState(0);
  const [cursor, setCursor] = useState<readonly [number, number]>();
  useEffect(() => lesson.start(pointsTopic(firstPoints)), []);
  if (state.topic.id !== 'points') return null;
  const { samples } = state.topic;
  const add = (x: number, y: number): void =>
    lesson.extend([...samples, pointSample(limited(x), limited(y), kind)]);
  const press = (event: KeyboardEvent): void => {
    const [x, y] = cursor ?? [0, 0];
    const move = moves[event.key];
    if (event.key === ' ' || event.key === 'Enter') add(x, y);
    else if (move) setCursor([limited(x + move[0]), limited(y + move[1])]);
    else return;
    event.preventDefault();
  };
  const keyboard = {
    role: 'application',
    tabIndex: 0,
    'aria-label':
      'A plane of points. Click to add one; or move with the arrow keys and press Space to add one.',
    onKeyDown: press,
    onFocus: () => setCursor(cursor ?? [0, 0]),
    onBlur: () => setCursor(undefined),
  } as const;
  return (
    <div class="own stack">
      <fieldset class="choice">
        <legend class="unseen">The kind of the next point</legend>
        {pointKinds.map((name, index) => (
          <button
            key={name}
            type="button"
            class={`button kind-${name}`}
            aria-pressed={index === kind}
            onClick={() => setKind(index)}
          >
            {name}
          </button>
        ))}
        <button
          type="button"
          class="button"
          disabled={samples.length <= 1}
          onClick={() => lesson.extend(samples.slice(0, -1))}
        >
          remove the last
        </button>
      </fieldset>
      <div class="plane-frame" {...keyboard}>
        <svg
          class="plane"
          viewBox={`0 0 ${size} ${size}`}
          aria-hidden="true"
          onPointerDown={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            add(
              ((event.clientX - box.left) / box.width) * 2 - 1,
              1 - ((event.clientY - box.top) / box.height) * 2,
            );
          }}
        >
          <Background lesson={lesson} />
          {samples.map(({ x, y }, index) => (
            <Point key={index} at={x} isOrange={y[1] === 1} isFollowed={index === state.index} />
          ))}
          {cursor && (
            <path
              class="crosshair"
              d={`M${px(cursor[0]) - 7} ${py(cursor[1])}h14M${px(cursor[0])} ${py(cursor[1]) - 7}v14`}
            />
          )}
        </svg>
        {cursor && (
          <span class="unseen" role="status">
            x {cursor[0]}, y {cursor[1]}
          </span>
        )}
      </div>
      <p class="hint">
        {samples.length} points. Circles are blue, squares orange; the one with a ring is followed.
      </p>
    </div>
  );
}

/** Circles and squares: colour alone is not enough. */
function Point({
  at,
  isOrange,
  isFollowed,
}: {
  at: readonly number[];
  isOrange: boolean;
  isFollowed: boolean;
}): JSX.Element {
  const [x, y] = [px(at[0]!), py(at[1]!)];
  const name = `${isOrange ? 'orange' : 'blue'} point${isFollowed ? ' followed' : ''}`;
  return isOrange ? (
    <rect class={name} x={x - 5} y={y - 5} width={10} height={10} />
  ) : (
    <circle class={name} cx={x} cy={y} r={5.5} />
  );
}

/** How sure the network is, in each cell of the plane. */
function Background({ lesson }: { lesson: Lesson }): JSX.Element {
  const step = size / cells;
  return (
    <>
      {Array.from({ length: cells * cells }, (_, index) => {
        const [column, row] = [index % cells, Math.floor(index / cells)];
        const at = [((column + 0.5) / cells) * 2 - 1, 1 - ((row + 0.5) / cells) * 2];
        const orange = lesson.predict(at)[1]!;
        return (
          <rect
            key={index}
            class={orange > 0.5 ? 'cell orange' : 'cell blue'}
            x={column * step}
            y={row * step}
            width={step + 0.5}
            height={step + 0.5}
            fill-opacity={Math.abs(orange - 0.5) * 0.9}
          />
        );
      })}
    </>
  );
}
