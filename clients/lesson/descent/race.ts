import { adam, momentum, nesterov, rmsprop, sgd } from 'rivulet';
import type { MapPath } from './map-figure.tsx';

/** The optimizers that race, each with a rate of its own kind. */
export const racers = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam'] as const;

const stepCount = 300;
/** A position that is farther away has diverged, and is not drawn. */
const reachMax = 1e4;

/** The paths of several optimizers from one start, each by its own update. */
export const race = (
  gradient: (position: readonly number[]) => readonly number[],
  start: readonly number[],
  learningRate: number,
): MapPath[] => {
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
    for (let step = 0; step < stepCount; step++) {
      optimizer.update(memory, position, Float64Array.from(gradient(positions.at(-1)!)));
      if (!position.every((value) => Math.abs(value) < reachMax)) break;
      positions.push(Array.from(position));
    }
    return { name, positions };
  });
};
