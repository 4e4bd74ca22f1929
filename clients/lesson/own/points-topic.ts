import type { LessonTopic } from '../model/topics.ts';
import type { LessonSample } from '../why/lesson-pass.ts';

/** The two kinds of points. */
export const pointKinds = ['blue', 'orange'] as const;

/** A point of the plane, both coordinates between −1 and 1, of a kind. */
export const pointSample = (x: number, y: number, kind: number): LessonSample => ({
  x: [x, y],
  y: pointKinds.map((_, other) => Number(other === kind)),
});

/** Two lying moons, to begin with. */
export const firstPoints: readonly LessonSample[] = Array.from({ length: 12 }, (_, i) => {
  const kind = i % 2;
  const angle = (Math.PI * Math.floor(i / 2)) / 5;
  const side = kind === 0 ? 1 : -1;
  const [x, y] = [Math.cos(angle) * 0.55 * side - side * 0.2, Math.sin(angle) * 0.6 * side];
  return pointSample(Number(x.toFixed(2)), Number((y - side * 0.15).toFixed(2)), kind);
});

/** Points that a reader clicks: the network learns where which kind lies. */
export const pointsTopic = (samples: readonly LessonSample[]): LessonTopic => ({
  id: 'points',
  title: 'Points of your own',
  about:
    'Click points into the plane. The background shows what the network would answer there: it learns ' +
    'the border between the two kinds.',
  model: {
    sizes: [2, 8, 2],
    activations: ['tanh', 'softmax'],
    loss: 'crossEntropy',
    optimizer: { name: 'sgd', options: { learningRate: 0.1 } },
  },
  samples,
  inputName: (input) => ['x', 'y'][input]!,
  outputName: (output) => pointKinds[output]!,
});
