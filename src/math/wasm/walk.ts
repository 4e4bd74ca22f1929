import { F32x4 } from './f32x4.ts';
import type { FunctionBuilder } from './function-builder.ts';
import type { I32 } from './scalars.ts';

/** A place in memory: an address known when the code runs, and an offset known now. */
export class WalkPlace {
  readonly address: I32;
  readonly offset: number;

  constructor(address: I32, offset = 0) {
    this.address = address;
    this.offset = offset;
  }

  /** The place that lies some bytes further on. Costs nothing when the code runs. */
  plus(bytes: number): WalkPlace {
    return new WalkPlace(this.address, this.offset + bytes);
  }

  /** The four floats that begin here. */
  load(): F32x4 {
    return F32x4.load(this.address, this.offset);
  }

  /** The float that lies here, in all four lanes. */
  loadSplat(): F32x4 {
    return F32x4.loadSplat(this.address, this.offset);
  }
}

/** A place that moves on by some bytes at each step. */
export interface Track {
  readonly from: WalkPlace;
  readonly stride: number;
}

/** How often a walk repeats its body, and how it is unrolled. */
export interface Walk {
  readonly count: number;
  /** Steps in one round of the loop. A walk of at most twice as many has no loop at all. */
  readonly unroll: number;
}

/**
 * Repeats a body along several tracks at once. The places that it gets are those of the step. All
 * bytes are written out where the walk is short; otherwise a loop moves one pointer a track.
 */
export const walk = (
  f: FunctionBuilder,
  { count, unroll, tracks }: Walk & { readonly tracks: readonly Track[] },
  body: (places: readonly WalkPlace[]) => void,
): void => {
  const rounds = count <= 2 * unroll ? 0 : Math.floor(count / unroll);
  const step = (at: readonly WalkPlace[], index: number): void =>
    f.scope(() => body(at.map((place, t) => place.plus(index * tracks[t]!.stride))));
  let at = tracks.map(({ from }) => from);
  if (rounds > 0) at = loopAlong(f, { rounds, unroll, tracks }, step);
  for (let index = 0; index < count - rounds * unroll; index++) step(at, index);
};

/** The rounds of a long walk. Returns where each track stands after them. */
const loopAlong = (
  f: FunctionBuilder,
  { rounds, unroll, tracks }: { rounds: number; unroll: number; tracks: readonly Track[] },
  step: (at: readonly WalkPlace[], index: number) => void,
): WalkPlace[] => {
  const pointers = tracks.map(({ from }) => f.keep(from.address));
  const at = pointers.map((pointer, t) => new WalkPlace(pointer, tracks[t]!.from.offset));
  // A track that stands still cannot tell when to stop.
  const leader = tracks.findIndex(({ stride }) => stride !== 0);
  const end = f.keep(pointers[leader]!.add(rounds * unroll * tracks[leader]!.stride));
  f.repeat(() => {
    for (let index = 0; index < unroll; index++) step(at, index);
    for (const [t, pointer] of pointers.entries()) {
      if (tracks[t]!.stride !== 0) f.set(pointer, pointer.add(unroll * tracks[t]!.stride));
    }
    return pointers[leader]!.isBelow(end);
  });
  return at;
};
