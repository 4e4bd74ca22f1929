import { areFinite } from '../../math/finite.ts';
import { areTargets } from '../../sources/sample-range.ts';
import type { LabelledSample } from '../labelled-sample.ts';
import { parameterCount } from '../layout.ts';
import type { Memory } from '../learner.ts';
import { float64s, memoryIn } from '../memory-fields.ts';
import { plainCopy } from '../plain-copy.ts';
import { momentsIn } from '../saved-moments.ts';
import type { Engine, NetworkSpec } from './engine.ts';
import { layerSizesIn, optimizerIn } from './saved-network.ts';
import { correctionsAt, productAt } from './simd/bias-correction-code.ts';
import { Births } from './simd/births.ts';
import { inChunks } from './simd/chunks.ts';
import type { Extent } from './simd/code.ts';
import { copyInto } from './simd/copy.ts';
import { grownMemory } from './simd/grown-memory.ts';
import { type Inputs, inputsOf } from './simd/inputs.ts';
import { NetworkBlock } from './simd/network-block.ts';
import { KernelStage } from './simd/stage.ts';

/**
 * The fast engine: WebAssembly generated for the shape of the network, float32, 128-bit SIMD. One
 * call learns one sample.
 */
export class SimdEngine implements Engine {
  readonly name = 'simd';
  readonly #spec: NetworkSpec;
  readonly #learningRate: number;
  #sizes: readonly number[];
  #births: Births;
  #step = 0;
  #extent: Extent;
  #block: NetworkBlock;
  /** Views of the block: x and y of the sample at hand, h of the output, the latest prediction. */
  #x!: Float32Array;
  #y!: Float32Array;
  #h!: Float32Array;
  #lastPrediction!: Float32Array;
  #inputs!: Inputs;
  #stage!: KernelStage;

  constructor(spec: NetworkSpec) {
    this.#spec = spec;
    this.#learningRate = spec.optimizer.options['learningRate'] as number;
    this.#sizes = spec.sizes;
    this.#births = Births.at0(spec.sizes);
    this.#extent = { capacity: spec.sizes, isGrown: false, isBatched: false };
    this.#block = new NetworkBlock(spec, this.#extent);
    this.#block.doubles(this.#block.code.plan.scalarsAt, 2).fill(1);
    this.#view();
  }

  get sizes(): readonly number[] {
    return this.#sizes;
  }

  predict(x: ArrayLike<number>, out: Float64Array): boolean {
    this.#inputs.look(x);
    this.#block.predict();
    const h = this.#h;
    for (let k = 0; k < h.length; k++) out[k] = h[k]!;
    return areFinite(this.#x);
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): number | undefined {
    copyInto(this.#y, y);
    this.#inputs.take(x, 0);
    const block = this.#block;
    const cost = block.functions.learn(block.address, 1, this.#rate(), weight);
    // Infinity − Infinity is NaN.
    if (cost - cost === 0) {
      this.#step += 1;
      return cost;
    }
    return areFinite(this.#x) && areTargets(this.#y) ? cost : undefined;
  }

  learnMany(samples: readonly LabelledSample[], costs: Float64Array): void {
    const { functions, address, code } = this.#block;
    // Where the rate changes from step to step, each call is one step.
    const most = this.#spec.schedule ? 1 : code.plan.stage.count;
    inChunks(samples, most, (chunk) => {
      this.#stage.put(samples, chunk);
      functions.learn(address, chunk.end - chunk.first, this.#rate(), chunk.weight);
      this.#step += this.#stage.takeCosts(costs, chunk);
    });
  }

  learnBatch(samples: readonly LabelledSample[], costs: Float64Array): void {
    if (!this.#extent.isBatched) this.#makeRoomForBatch();
    const { functions, address, code } = this.#block;
    let count = 0;
    inChunks(samples, code.plan.stage.count, (chunk) => {
      this.#stage.put(samples, chunk);
      functions.addToBatch(address, chunk.end - chunk.first, chunk.weight);
      count += this.#stage.takeCosts(costs, chunk);
    });
    if (count === 0) return;
    functions.applyBatch(address, this.#rate(), 1 / count);
    this.#step += 1;
  }

  seen(x: ArrayLike<number>): ArrayLike<number> {
    if (!this.#spec.isStandardised) return x;
    this.#inputs.look(x);
    return Float64Array.from(this.#x);
  }

  lastPrediction(): number[] {
    return plainCopy(this.#lastPrediction);
  }

  parameters(): Float64Array {
    return this.#block.read(0, this.#sizes);
  }

  setParameters(parameters: ArrayLike<number>): void {
    this.#block.write(0, this.#sizes, parameters);
  }

  save(): Memory {
    const { memory } = this.#block.code.optimizer;
    const arrays = memory.map((name, k) => [name, this.#block.read(k + 1, this.#sizes)]);
    const { schedule, optimizer } = this.#spec;
    return {
      sizes: [...this.#sizes],
      parameters: this.parameters(),
      optimizer: {
        step: this.#step,
        rate: schedule && this.#step > 0 ? schedule(this.#step - 1) : 1,
        ...Object.fromEntries(arrays),
        ...('born' in optimizer.initial(0) && { born: this.#births.steps(this.#sizes) }),
      },
      lastPrediction: Float64Array.from(this.#lastPrediction),
      ...(this.#block.moments && { scaler: this.#block.moments.read() }),
    };
  }

  load(memory: Memory): void {
    const sizes = layerSizesIn(memory);
    const { step, born } = optimizerIn(memory);
    this.#sizes = sizes;
    this.#step = step;
    this.#births = born instanceof Float64Array ? Births.from(born, sizes) : Births.at0(sizes);
    const { decays } = this.#block.code.optimizer;
    const isGrown = decays.length > 0 && !this.#births.areEqual;
    const capacity = sizes.map((size, l) => capacityFor(size, this.#spec.sizes[l]!));
    this.#move({ ...this.#extent, capacity, isGrown });
    this.#fill(memory);
  }

  grow(inputCount: number, outputCount: number): void {
    const { capacity, isGrown } = this.#extent;
    const { decays } = this.#block.code.optimizer;
    const hasRoom = inputCount <= capacity[0]! && outputCount <= capacity.at(-1)!;
    if (hasRoom && (isGrown || decays.length === 0)) this.#growInPlace(inputCount, outputCount);
    else this.#growByMoving(inputCount, outputCount);
  }

  dispose(): void {
    this.#block.free();
  }

  #makeRoomForBatch(): void {
    const memory = this.save();
    this.#move({ ...this.#extent, isBatched: true });
    this.#fill(memory);
  }

  /** The padding has always been zero; only the optimizer may have written into it. */
  #growInPlace(inputCount: number, outputCount: number): void {
    const from = this.#sizes;
    this.#sizes = [inputCount, ...from.slice(1, -1), outputCount];
    this.#births.grow([inputCount, outputCount], this.#step);
    this.#block.clearMemory({ from, to: this.#sizes });
    this.#view();
  }

  #growByMoving(inputCount: number, outputCount: number): void {
    const to = [inputCount, ...this.#sizes.slice(1, -1), outputCount];
    this.load(grownMemory(this.save(), { from: this.#sizes, to }));
  }

  /** Takes another block where the code becomes another. */
  #move(extent: Extent): void {
    if (JSON.stringify(extent) !== JSON.stringify(this.#extent)) {
      this.#block.free();
      this.#block = new NetworkBlock(this.#spec, extent);
      this.#extent = extent;
    }
    this.#view();
  }

  #fill(memory: Memory): void {
    const { optimizer: code, plan } = this.#block.code;
    const optimizer = optimizerIn(memory);
    const count = parameterCount(this.#sizes);
    this.setParameters(float64s(memory, 'parameters', count));
    for (const [k, name] of code.memory.entries()) {
      this.#block.write(k + 1, this.#sizes, float64s(optimizer, name, count));
    }
    this.#lastPrediction.set(float64s(memory, 'lastPrediction'));
    this.#block.moments?.write(momentsIn(memoryIn(memory, 'scaler')));
    const products = this.#block.doubles(plan.scalarsAt, 2);
    for (const [k, decay] of code.decays.entries()) {
      products[k] = productAt(decay, this.#step);
      if (!this.#extent.isGrown) continue;
      const corrections = correctionsAt(decay, this.#step, this.#births.steps(this.#sizes));
      this.#block.write(1 + code.memory.length + k, this.#sizes, corrections);
    }
  }

  #view(): void {
    const { plan } = this.#block.code;
    const [inputs, outputs] = [this.#sizes[0]!, this.#sizes.at(-1)!];
    this.#block.setMasks(this.#sizes);
    this.#inputs = inputsOf(this.#block, inputs);
    this.#stage = new KernelStage(this.#block, this.#inputs);
    this.#x = this.#block.floats(plan.stage.x.at, inputs);
    this.#y = this.#block.floats(plan.stage.y.at, outputs);
    this.#h = this.#block.floats(plan.layers.at(-1)!.hAt, outputs);
    this.#lastPrediction = this.#block.floats(plan.lastPredictionAt, outputs);
  }

  #rate(): number {
    const { schedule } = this.#spec;
    return schedule ? this.#learningRate * schedule(this.#step) : this.#learningRate;
  }
}

/** The first doubling of the original count that is enough. */
const capacityFor = (count: number, original: number): number => {
  let capacity = original;
  while (capacity < count) capacity *= 2;
  return capacity;
};
