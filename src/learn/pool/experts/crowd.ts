import { copyShort } from '../../../math/short-vectors.ts';
import type { Expert, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import type { NeighboursExpert } from './neighbours.ts';

/**
 * Twice as many neighbours: better where labels are noisy. It says what those say whom the
 * neighbours have just found, so it must stand behind them in a pool.
 */
export class CrowdExpert implements Expert {
  readonly name = 'crowd';
  readonly #neighbours: NeighboursExpert;

  constructor(neighbours: NeighboursExpert) {
    this.#neighbours = neighbours;
  }

  predict(_inputs: SeenInputs, out: Float64Array): void {
    copyShort(this.#neighbours.crowd, out);
  }

  learn(inputs: SeenInputs, _target: Target, out: Float64Array): void {
    this.predict(inputs, out);
  }

  reset(): void {}

  grow(): void {}

  forget(): void {}

  save(): Record<string, never> {
    return {};
  }

  load(): void {}
}
