import type { JSX } from 'preact';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { equationNumber } from '../show/number-text.ts';
import { InputFields, SamplePicture } from '../show/sample-picture.tsx';

/** What the parts of this file are given. */
export interface SampleChoiceProps {
  readonly lesson: Lesson;
  readonly state: LessonState;
}

/** Which sample is followed: one of the topic, or one that a reader draws or types. */
export function SampleChoice({ lesson, state }: SampleChoiceProps): JSX.Element {
  const { topic, sample, index } = state;
  const follow = (x: readonly number[]): void => lesson.follow({ x, y: sample.y });
  if (topic.part) return <Missing state={state} />;
  return (
    <>
      <h3>The sample</h3>
      <div class="tools">
        <button type="button" class="button" onClick={() => lesson.choose((index ?? 0) - 1)}>
          previous
        </button>
        <button type="button" class="button" onClick={() => lesson.choose((index ?? -1) + 1)}>
          next
        </button>
        <span class="where">
          {index === undefined
            ? 'a sample of your own'
            : `${index + 1} of ${topic.samples.length.toLocaleString('en')}`}
        </span>
      </div>
      <Missing state={state} />
      {topic.pictureWidth !== undefined && (
        <>
          <SamplePicture
            pixels={sample.x}
            width={topic.pictureWidth}
            largest={topic.pictureMax ?? 1}
            label="The inputs as a picture: draw with the mouse or a finger, or move with the arrow keys and press Space"
            onDraw={follow}
          />
          <button type="button" class="button" onClick={() => follow(sample.x.map(() => 0))}>
            clear the picture
          </button>
        </>
      )}
      <Target lesson={lesson} state={state} />
      <InputFields values={sample.x} nameOf={topic.inputName} onChange={follow} />
    </>
  );
}

/** How many missing inputs are named. */
const namedMax = 5;

/** Which inputs the sample lacks, and what the model used in their place. */
function Missing({ state: { topic, sample, graph } }: Pick<SampleChoiceProps, 'state'>) {
  const missing = sample.x.flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
  if (missing.length === 0) return null;
  const { scale } = graph.pass;
  const named = missing.slice(0, namedMax).map((input) => {
    const mean = scale?.means[input];
    const isKnown = mean !== undefined && scale!.deviations[input] !== 0;
    const used = isKnown
      ? `its mean ${equationNumber(mean)}`
      : 'the score 0, because it has no scale yet';
    return `${topic.inputName(input)} (the model uses ${used})`;
  });
  const more = missing.length - named.length;
  return (
    <p class="missing" data-testid="missing">
      Missing in this sample: {named.join(', ')}
      {more > 0 ? `, and ${more} more` : ''}.
    </p>
  );
}

/** What the sample should be called, or the number it should give. */
function Target({ lesson, state }: SampleChoiceProps): JSX.Element {
  const { topic, sample } = state;
  const isClass = sample.y.length > 1;
  if (!isClass) {
    return (
      <label class="target">
        its target{' '}
        <input
          type="number"
          step="any"
          value={sample.y[0]}
          onChange={({ currentTarget: { valueAsNumber } }) => {
            if (Number.isFinite(valueAsNumber)) lesson.follow({ x: sample.x, y: [valueAsNumber] });
          }}
        />
      </label>
    );
  }
  return (
    <label class="target">
      its target{' '}
      <select
        value={sample.y.indexOf(1)}
        onChange={({ currentTarget: { value } }) =>
          lesson.follow({ x: sample.x, y: sample.y.map((_, k) => (k === Number(value) ? 1 : 0)) })
        }
      >
        {sample.y.map((_, k) => (
          <option key={k} value={k}>
            {topic.outputName(k)}
          </option>
        ))}
      </select>
    </label>
  );
}
