import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { drawingsTopic, emptyDrawing } from '../own/drawings-topic.ts';

/** Drawings of a reader's own: each is drawn below, named, and added to what is learned. */
export function DrawingsPanel({
  lesson,
  state,
}: {
  lesson: Lesson;
  state: LessonState;
}): JSX.Element | null {
  const [count, setCount] = useState(0);
  useEffect(() => {
    lesson.start(drawingsTopic([emptyDrawing]));
    lesson.follow(emptyDrawing);
  }, []);
  if (state.topic.id !== 'drawings') return null;
  const { topic, sample, index } = state;
  const isBlank = sample.x.every((pixel) => pixel === 0);
  const add = (): void => {
    // The blank one that the topic began with is no drawing.
    const drawn = count === 0 ? [] : topic.samples;
    lesson.extend([...drawn, sample]);
    lesson.follow({ x: emptyDrawing.x, y: sample.y });
    setCount(count + 1);
  };
  const counts = topic.samples.slice(0, count).reduce((found, { y }) => {
    const digit = y.indexOf(1);
    return found.set(digit, (found.get(digit) ?? 0) + 1);
  }, new Map<number, number>());
  return (
    <div class="own stack">
      <p>Draw below, choose its target, and add it.</p>
      <button
        type="button"
        class="button primary"
        disabled={isBlank || (index !== undefined && count > 0)}
        onClick={add}
      >
        add this drawing
      </button>
      <p class="hint" role="status" data-testid="drawings">
        {count === 0
          ? 'No drawing yet.'
          : `Drawings: ${Array.from(counts, ([digit, n]) => `${n} × ${digit}`).join(', ')}.`}
      </p>
    </div>
  );
}
