import { type LessonTopic, topics } from '../model/topics.ts';
import type { LessonSample } from '../why/lesson-pass.ts';

const digits = topics.find(({ id }) => id === 'digits')!;

/** Drawings of a reader: they are learned by the network of the handwritten digits, from nothing. */
export const drawingsTopic = (samples: readonly LessonSample[]): LessonTopic => ({
  ...digits,
  id: 'drawings',
  title: 'Drawings of your own',
  about:
    'Draw a digit, say which it is, and add it. Some drawings of each of two or three digits are enough: ' +
    'learn them, then draw another and see what the network predicts.',
  samples,
});

/** An empty picture, of the digit 0. */
export const emptyDrawing: LessonSample = {
  x: new Array<number>(64).fill(0),
  y: Array.from({ length: 10 }, (_, k) => Number(k === 0)),
};
