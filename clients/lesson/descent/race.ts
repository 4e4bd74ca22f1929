import { adam, momentum, nesterov, rmsprop, sgd } from 'rivulet';
import type { DescentSettings } from './descent-problem.ts';
import type { MapPath } from './map-figure.tsx';

/** The optimizers that race, each with a rate of its own kind. */
const racers = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam'] as const;

const stepCount = 300;
/** A position that is farther away has diverged, and is not drawn. */
const reachMax = 1e4;

/** The path of an optimizer, and how it ended, in words. */
export interface Racer extends MapPath {
  readonly ended: string;
}

/** The paths of several optimizers from one start, each by its own update. */
export const race = (
  gradient: (position: readonly number[]) => readonly number[],
  { start, learningRate, precision }: Pick<DescentSettings, 'start' | 'learningRate' | 'precision'>,
): Racer[] => {
  const optimizers = {
    sgd: sgd({ learningRate }),
    momentum: momentum({ learningRate: learningRate / 2 }),
    nesterov: nesterov({ learningRate: learningRate / 2 }),
    rmsprop: rmsprop({ learningRate }),
    adam: adam({ learningRate: 2 * learningRate }),
  };
  return racers.map((name) => {
    const optimizer = optimizers[name] as ReturnType<typeof sgd>;
    const memory = optimizer.initial(start.length);
    const position = Float64Array.from(start);
    const positions = [Array.from(position)];
    const ended = (words: string): Racer => ({ name, positions, ended: words });
    for (let step = 1; step <= stepCount; step++) {
      const before = positions.at(-1)!;
      optimizer.update(memory, position, Float64Array.from(gradient(before)));
      if (!position.every((value) => Math.abs(value) < reachMax)) {
        return ended(`diverged at step ${step}`);
      }
      positions.push(Array.from(position));
      const distance = Math.hypot(...before.map((value, axis) => value - position[axis]!));
      if (distance <= precision) return ended(`converged after ${step} steps`);
    }
    return ended(`its ${stepCount} steps ran out`);
  });
};
