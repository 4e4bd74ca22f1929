import {
  biasGradientQuantity,
  costByHQuantity,
  deltaQuantity,
  slopeQuantity,
  weightGradientQuantity,
} from './backward.ts';
import { costQuantity, unitCostQuantity } from './cost.ts';
import { activationQuantity, inputQuantity, sumQuantity, targetQuantity } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids } from './names.ts';
import { biasName, type ParameterName, parameterQuantity, weightName } from './parameters.ts';
import type { Quantity } from './quantity.ts';
import { newStateQuantity, oldStateQuantity, optionQuantity, updateQuantity } from './update.ts';

/**
 * Every number of one pass, and how each follows from others. The graph is closed: each source of a
 * quantity is a quantity, down to what is given.
 */
export class WhyGraph {
  readonly pass: LessonPass;
  readonly #known = new Map<string, Quantity>();

  constructor(pass: LessonPass) {
    this.pass = pass;
  }

  /** The quantity of this identifier. Throws a RangeError if there is none. */
  readonly get = (id: string): Quantity => {
    const found = this.#known.get(id);
    if (found) return found;
    const made = this.#make(id);
    this.#known.set(id, made);
    return made;
  };

  #make(id: string): Quantity {
    const state = /^(old|new):(\w+):(.*)$/.exec(id);
    if (state) return this.#state(state[1]!, state[2]!, this.#parameter(state[3]!));
    const option = /^option\/(\w+)$/.exec(id);
    if (option) return optionQuantity(this.pass, option[1]!);
    const parts = id.split('/');
    const numbers = parts.filter((part) => /^\d+$/.test(part)).map(Number);
    const kind = parts.slice(0, parts.length - numbers.length).join('/');
    const make = this.#makers[kind];
    if (!make) throw new RangeError(`there is no quantity ${id}`);
    return make(numbers);
  }

  readonly #makers: Readonly<Record<string, (at: number[]) => Quantity>> = {
    h: ([layer, unit]) =>
      layer === 1
        ? inputQuantity(this.pass, unit!)
        : activationQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    z: ([layer, unit]) => sumQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    y: ([unit]) => targetQuantity(this.pass, unit!),
    w: ([layer, to, from]) => parameterQuantity(this.pass, this.#weight(layer!, to!, from!)),
    b: ([layer, to]) => parameterQuantity(this.pass, this.#bias(layer!, to!)),
    J: () => costQuantity(this.pass, this.get),
    j: ([unit]) => unitCostQuantity(this.pass, unit!, this.get),
    "f'": ([layer, unit]) => slopeQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    'dJ/dh': ([layer, unit]) =>
      costByHQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    delta: ([layer, unit]) => deltaQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    'dJ/dw': ([layer, to, from]) =>
      weightGradientQuantity(this.pass, { layer: layer!, to: to!, from: from! }, this.get),
    'dJ/db': ([layer, to]) => biasGradientQuantity(this.pass, { layer: layer!, to: to! }, this.get),
    "w'": ([layer, to, from]) =>
      updateQuantity(this.pass, this.#weight(layer!, to!, from!), this.get),
    "b'": ([layer, to]) => updateQuantity(this.pass, this.#bias(layer!, to!), this.get),
  };

  #state(when: string, state: string, name: ParameterName): Quantity {
    return when === 'old'
      ? oldStateQuantity(this.pass, state, name)
      : newStateQuantity(this.pass, { state, name }, this.get);
  }

  #parameter(id: string): ParameterName {
    const [kind, ...at] = id.split('/');
    const [layer, to, from] = at.map(Number);
    return kind === 'w' ? this.#weight(layer!, to!, from!) : this.#bias(layer!, to!);
  }

  #weight(layer: number, to: number, from: number): ParameterName {
    return weightName(this.pass, { layer, to, from });
  }

  #bias(layer: number, to: number): ParameterName {
    return biasName(this.pass, { layer, to });
  }
}

/** The identifiers of every number that a pass shows: what a reader can start asking from. */
export function* shownQuantities({ model: { sizes } }: LessonPass): Generator<string> {
  for (let layer = 1; layer <= sizes.length; layer++) {
    for (let unit = 0; unit < sizes[layer - 1]!; unit++) {
      yield ids.h(layer, unit);
      if (layer === 1) continue;
      yield ids.z(layer, unit);
      yield ids.delta(layer, unit);
      yield ids.newBias(layer - 1, unit);
      for (let from = 0; from < sizes[layer - 2]!; from++) {
        yield ids.newWeight(layer - 1, unit, from);
      }
    }
  }
  for (let unit = 0; unit < sizes.at(-1)!; unit++) yield ids.y(unit);
  yield ids.cost();
}
