import {
  biasGradientQuantity,
  costByHQuantity,
  deltaQuantity,
  slopeQuantity,
  weightGradientQuantity,
} from './backward.ts';
import { costQuantity, unitCostQuantity } from './cost.ts';
import { activationQuantity, sumQuantity } from './forward.ts';
import {
  givenQuantity,
  inputQuantity,
  inputScaleQuantity,
  predictionQuantity,
  targetPartQuantity,
  targetQuantity,
} from './inputs.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids } from './names.ts';
import {
  layerScaleQuantity,
  meanDeltaQuantity,
  normalDeltaQuantity,
  normalQuantity,
} from './normal.ts';
import {
  ageQuantity,
  biasName,
  clipFactorQuantity,
  directGradientQuantity,
  directName,
  type ParameterName,
  parameterQuantity,
  shareQuantity,
  usedGradientQuantity,
  weightName,
} from './parameters.ts';
import type { Quantity } from './quantity.ts';
import { type RestKind, restQuantity } from './rest.ts';
import {
  costChangeQuantity,
  fractionQuantity,
  fullUpdateQuantity,
  newStateQuantity,
  oldStateQuantity,
  optionQuantity,
  outputDeltaQuantity,
  updateQuantity,
} from './update.ts';

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
    const own = /^(age|share|used|full):(.*)$/.exec(id);
    if (own) return this.#ofParameter[own[1]!]!(this.#parameter(own[2]!));
    const option = /^option\/(\w+)$/.exec(id);
    if (option) return optionQuantity(this.pass, option[1]!);
    const parts = id.split('/');
    const numbers = parts.filter((part) => /^\d+$/.test(part)).map(Number);
    const kind = parts.slice(0, parts.length - numbers.length).join('/');
    const make = this.#makers[kind];
    if (!make) throw new RangeError(`there is no quantity ${id}`);
    return make(numbers);
  }

  readonly #ofParameter: Readonly<Record<string, (name: ParameterName) => Quantity>> = {
    age: (name) => ageQuantity(this.pass, name),
    share: (name) => shareQuantity(this.pass, name),
    used: (name) => usedGradientQuantity(this.pass, name, this.get),
    full: (name) => fullUpdateQuantity(this.pass, name, this.get),
  };

  readonly #makers: Readonly<Record<string, (at: number[]) => Quantity>> = {
    h: ([layer, unit]) =>
      layer === 1
        ? inputQuantity(this.pass, unit!, this.get)
        : activationQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    z: ([layer, unit]) => sumQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    y: ([unit]) => targetQuantity(this.pass, unit!, this.get),
    x: ([unit]) => givenQuantity(this.pass, unit!),
    t: () => targetPartQuantity(this.pass, 'given'),
    mean: ([unit]) => inputScaleQuantity(this.pass, unit!, 'mean'),
    deviation: ([unit]) => inputScaleQuantity(this.pass, unit!, 'deviation'),
    'target/mean': () => targetPartQuantity(this.pass, 'mean'),
    'target/deviation': () => targetPartQuantity(this.pass, 'deviation'),
    prediction: () => predictionQuantity(this.pass, this.get),
    w: ([layer, to, from]) => parameterQuantity(this.pass, this.#weight(layer!, to!, from!)),
    b: ([layer, to]) => parameterQuantity(this.pass, this.#bias(layer!, to!)),
    d: ([to, from]) => parameterQuantity(this.pass, this.#direct(to!, from)),
    e: ([to]) => parameterQuantity(this.pass, this.#direct(to!)),
    J: () => costQuantity(this.pass, this.get),
    j: ([unit]) => unitCostQuantity(this.pass, unit!, this.get),
    "f'": ([layer, unit]) => slopeQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    n: ([layer, unit]) => normalQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    'layer/mean': () => layerScaleQuantity(this.pass, 'mean', this.get),
    'layer/deviation': () => layerScaleQuantity(this.pass, 'deviation', this.get),
    'layer/delta': () => meanDeltaQuantity(this.pass, 'delta', this.get),
    'layer/product': () => meanDeltaQuantity(this.pass, 'product', this.get),
    'dJ/dn': ([layer, unit]) =>
      normalDeltaQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    'dJ/dh': ([layer, unit]) =>
      costByHQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    delta: ([layer, unit]) => deltaQuantity(this.pass, { layer: layer!, unit: unit! }, this.get),
    'dJ/dw': ([layer, to, from]) =>
      weightGradientQuantity(this.pass, { layer: layer!, to: to!, from: from! }, this.get),
    'dJ/db': ([layer, to]) => biasGradientQuantity(this.pass, { layer: layer!, to: to! }, this.get),
    'dJ/dd': ([to, from]) => this.#directGradient(to!, from),
    'dJ/de': ([to]) => this.#directGradient(to!),
    "w'": ([layer, to, from]) =>
      updateQuantity(this.pass, this.#weight(layer!, to!, from!), this.get),
    "b'": ([layer, to]) => updateQuantity(this.pass, this.#bias(layer!, to!), this.get),
    "d'": ([to, from]) => updateQuantity(this.pass, this.#direct(to!, from), this.get),
    "e'": ([to]) => updateQuantity(this.pass, this.#direct(to!), this.get),
    'rest/z': ([layer, unit]) => this.#rest('z', layer!, unit!),
    'rest/h': ([layer, unit]) => this.#rest('h', layer!, unit!),
    'rest/J': ([layer, unit]) => this.#rest('J', layer!, unit!),
    'rest/powers': ([layer, unit]) => this.#rest('powers', layer!, unit!),
    clip: () => clipFactorQuantity(this.pass),
    'cap/fraction': () => fractionQuantity(this.pass, this.get),
    'cap/delta': () => outputDeltaQuantity(this.pass, this.get),
    'cap/change': () => costChangeQuantity(this.pass),
  };

  #rest(kind: RestKind, layer: number, unit: number): Quantity {
    return restQuantity(this.pass, { kind, layer, unit });
  }

  #state(when: string, state: string, name: ParameterName): Quantity {
    return when === 'old'
      ? oldStateQuantity(this.pass, state, name)
      : newStateQuantity(this.pass, { state, name }, this.get);
  }

  #parameter(id: string): ParameterName {
    const [kind, ...at] = id.split('/');
    const [layer, to, from] = at.map(Number);
    if (kind === 'd') return this.#direct(layer!, to);
    if (kind === 'e') return this.#direct(layer!);
    return kind === 'w' ? this.#weight(layer!, to!, from!) : this.#bias(layer!, to!);
  }

  #weight(layer: number, to: number, from: number): ParameterName {
    return weightName(this.pass, { layer, to, from });
  }

  #direct(to: number, from?: number): ParameterName {
    return directName(this.pass, { to, from });
  }

  #directGradient(to: number, from?: number): Quantity {
    const name = this.#direct(to, from);
    const outputLayer = this.pass.model.sizes.length;
    return directGradientQuantity({ to, from }, { name, outputLayer }, this.get);
  }

  #bias(layer: number, to: number): ParameterName {
    return biasName(this.pass, { layer, to });
  }
}

/** The identifiers of every number that a pass shows: what a reader can start asking from. */
export function* shownQuantities({ model, direct, part }: LessonPass): Generator<string> {
  const { sizes, target } = model;
  if (target) yield ids.prediction();
  if (direct) {
    for (let to = 0; to < sizes.at(-1)!; to++) {
      yield `e'/${to}`;
      for (let from = 0; from < sizes[0]!; from++) yield `d'/${to}/${from}`;
    }
  }
  for (let layer = 1; layer <= sizes.length; layer++) {
    for (let unit = 0; unit < sizes[layer - 1]!; unit++) {
      yield ids.h(layer, unit);
      if (layer === 1) continue;
      yield ids.z(layer, unit);
      yield ids.delta(layer, unit);
      yield part ? ids.biasGradient(layer - 1, unit) : ids.newBias(layer - 1, unit);
      for (let from = 0; from < sizes[layer - 2]!; from++) {
        const at = [layer - 1, unit, from] as const;
        yield part ? ids.weightGradient(...at) : ids.newWeight(...at);
      }
    }
  }
  for (let unit = 0; unit < sizes.at(-1)!; unit++) yield ids.y(unit);
  yield ids.cost();
}
