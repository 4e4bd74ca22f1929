import {
  ByteList,
  byteCount,
  type Code,
  memoryArgument,
  simd,
  typeByte,
  unsigned,
  type Value,
  type ValueType,
} from './code.ts';
import { F32x4 } from './f32x4.ts';
import { type F32, I32 } from './scalars.ts';

/** From, to and step of a loop; it runs at least once. */
export interface Range {
  readonly from: I32 | number;
  readonly to: I32 | number;
  readonly step: number;
}

const voidBlock = 0x40;

const stores: Readonly<Record<ValueType, { instruction: Code; alignment: number }>> = {
  i32: { instruction: 0x36, alignment: 2 },
  f32: { instruction: 0x38, alignment: 2 },
  f64: { instruction: 0x39, alignment: 3 },
  v128: { instruction: simd(0x0b), alignment: 4 },
};

/**
 * Writes the body of one function, statement after statement. Values are expressions; the builder
 * holds the locals and the control flow.
 *
 * ```ts
 * const sum = f.keep(F32x4.splat(0));
 * f.loop({ from: address, to: address.add(256), step: 16 }, (at) => {
 *   f.set(sum, sum.add(F32x4.load(at)));
 * });
 * f.return(f.sum(sum));
 * ```
 */
export class FunctionBuilder {
  readonly #parameterCount: number;
  readonly #locals: ValueType[] = [];
  /** Locals given back by a finished loop or scope, to be used again. */
  readonly #free: Record<ValueType, number[]> = { i32: [], f32: [], f64: [], v128: [] };
  #scope: { type: ValueType; index: number }[] = [];
  readonly #code = new ByteList();

  constructor(parameterCount: number) {
    this.#parameterCount = parameterCount;
  }

  /** Computes a value now and keeps it in a local until the loop or scope around it ends. */
  keep<V extends Value>(value: V): V {
    const index = this.#take(value.type);
    this.#code.append([value.code, 0x21, unsigned(index)]);
    return sameKind(value, [0x20, unsigned(index)], index);
  }

  /** Gives a kept value another one. */
  set<V extends Value>(kept: V, value: V): void {
    if (kept.local === undefined) throw new TypeError('set: expected a value made by keep');
    this.#code.append([value.code, 0x21, unsigned(kept.local)]);
  }

  /** Writes a value to memory. */
  store(address: I32, offset: number, value: Value): void {
    const { instruction, alignment } = stores[value.type];
    this.#code.append([address.code, value.code, instruction, memoryArgument(alignment, offset)]);
  }

  /** Writes the two lower lanes to memory: eight bytes. */
  storeHalf(address: I32, offset: number, value: F32x4): void {
    this.#code.append([address.code, value.code, simd(0x5b), memoryArgument(3, offset), 0]);
  }

  /** Runs the body for from, from + step, … below `to`. It runs at least once. */
  loop({ from, to, step }: Range, body: (index: I32) => void): void {
    this.scope(() => {
      const index = this.keep(typeof from === 'number' ? I32.of(from) : from);
      const end = typeof to === 'number' ? I32.of(to) : this.keep(to);
      this.repeat(() => {
        body(index);
        this.set(index, index.add(step));
        return index.isBelow(end);
      });
    });
  }

  /** Runs the body, and again for as long as the condition that it returns is not 0. */
  repeat(body: () => I32): void {
    this.#code.append([0x03, voidBlock]);
    this.#code.append([body().code, 0x0d, 0, 0x0b]);
  }

  /** Runs `then` where the condition is not 0, otherwise `otherwise`. */
  if(condition: I32, then: () => void, otherwise?: () => void): void {
    this.#code.append([condition.code, 0x04, voidBlock]);
    this.scope(then);
    if (otherwise) {
      this.#code.append(0x05);
      this.scope(otherwise);
    }
    this.#code.append(0x0b);
  }

  /** Leaves the function. */
  return(value?: Value): void {
    this.#code.append(value ? [value.code, 0x0f] : 0x0f);
  }

  /** Gives back, at its end, the locals that the body kept. */
  scope(body: () => void): void {
    const outer = this.#scope;
    this.#scope = [];
    body();
    for (const { type, index } of this.#scope) this.#free[type].push(index);
    this.#scope = outer;
  }

  /** The sum of the four lanes: always (0 + 2) + (1 + 3), so that the bits never vary. */
  sum(vector: F32x4): F32 {
    return this.#acrossLanes(vector, 'add');
  }

  /** The least of the four lanes. */
  least(vector: F32x4): F32 {
    return this.#acrossLanes(vector, 'min');
  }

  /** The greatest of the four lanes. */
  greatest(vector: F32x4): F32 {
    return this.#acrossLanes(vector, 'max');
  }

  /** Four vectors to one: lane i is the sum of the lanes of the i-th. */
  sums(a: F32x4, b: F32x4, c: F32x4, d: F32x4): F32x4 {
    const pairs = (left: F32x4, right: F32x4): F32x4 =>
      this.keep(
        F32x4.shuffle(left, right, [0, 4, 1, 5]).add(F32x4.shuffle(left, right, [2, 6, 3, 7])),
      );
    const ab = pairs(a, b);
    const cd = pairs(c, d);
    return F32x4.shuffle(ab, cd, [0, 1, 4, 5]).add(F32x4.shuffle(ab, cd, [2, 3, 6, 7]));
  }

  /** The whole body in the binary format: its size, its locals, its code. */
  finish(gives?: ValueType): Code {
    const locals = this.#locals.map((type) => [1, typeByte[type]]);
    // Every path has returned before the end, which the validator cannot know.
    const end = gives ? [0x00, 0x0b] : [0x0b];
    const body = [unsigned(locals.length), locals, this.#code.bytes(), end];
    return [unsigned(byteCount(body)), body];
  }

  #acrossLanes(vector: F32x4, combine: 'add' | 'min' | 'max'): F32 {
    const whole = this.keep(vector);
    const half = this.keep(whole[combine](F32x4.shuffle(whole, whole, [2, 3, 0, 1])));
    // Of single floats the lesser is found by branches, which nothing could predict.
    return half[combine](F32x4.shuffle(half, half, [1, 0, 3, 2])).lane(0);
  }

  #take(type: ValueType): number {
    const index = this.#free[type].pop() ?? this.#parameterCount + this.#locals.push(type) - 1;
    this.#scope.push({ type, index });
    return index;
  }
}

/** A value of the same class as another, with other code. */
const sameKind = <V extends Value>(value: V, code: Code, local: number): V => {
  const Kind = value.constructor as new (code: Code, local: number) => V;
  return new Kind(code, local);
};
