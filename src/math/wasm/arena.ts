import { memoryImport } from './module-builder.ts';

/** A piece of a WebAssembly memory. It starts out as zeros, at an address divisible by 64. */
export interface Block {
  readonly address: number;
  readonly byteLength: number;
  /** The whole memory that it lies in. It never grows, so a view of it is never detached. */
  readonly buffer: ArrayBuffer;
  /** The functions of a module, working on this memory. One instance serves all blocks of it. */
  instance(module: WebAssembly.Module): WebAssembly.Exports;
  /** Gives the bytes back. Giving back twice does nothing. */
  free(): void;
}

const pageBytes = 65_536;
/** Small blocks share memories of this size: a process can have some 13,000 memories. */
const sharedPages = 64;
const alignment = 64;

interface Gap {
  address: number;
  byteLength: number;
}

/** One WebAssembly memory of a fixed size, and which parts of it are in use. */
class Arena {
  readonly #memory: WebAssembly.Memory;
  readonly #instances = new WeakMap<WebAssembly.Module, WebAssembly.Exports>();
  /** What is free, sorted by address; neighbours are always joined. */
  readonly #gaps: Gap[];
  readonly byteLength: number;
  /** Bytes from here on were never in use: they are zeros still, and the system has not provided them. */
  #untouchedFrom = 0;

  constructor(pages: number) {
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.byteLength = pages * pageBytes;
    this.#gaps = [{ address: 0, byteLength: this.byteLength }];
  }

  get isEmpty(): boolean {
    return this.#gaps[0]?.byteLength === this.byteLength;
  }

  /** The first gap that is long enough, or nothing. */
  take(byteLength: number, onFree: () => void): Block | undefined {
    const index = this.#gaps.findIndex((gap) => gap.byteLength >= byteLength);
    const gap = this.#gaps[index];
    if (!gap) return undefined;
    const { address } = gap;
    gap.address += byteLength;
    gap.byteLength -= byteLength;
    if (gap.byteLength === 0) this.#gaps.splice(index, 1);
    const { buffer } = this.#memory;
    const used = Math.min(address + byteLength, this.#untouchedFrom) - address;
    if (used > 0) new Uint8Array(buffer, address, used).fill(0);
    this.#untouchedFrom = Math.max(this.#untouchedFrom, address + byteLength);
    let isFree = false;
    const free = (): void => {
      if (isFree) return;
      isFree = true;
      this.#giveBack({ address, byteLength });
      onFree();
    };
    return { address, byteLength, buffer, free, instance: (module) => this.#instance(module) };
  }

  #instance(module: WebAssembly.Module): WebAssembly.Exports {
    const known = this.#instances.get(module);
    if (known) return known;
    const imports = { [memoryImport.module]: { [memoryImport.name]: this.#memory } };
    const { exports } = new WebAssembly.Instance(module, imports);
    this.#instances.set(module, exports);
    return exports;
  }

  #giveBack(block: Gap): void {
    const after = this.#gaps.findIndex((gap) => gap.address > block.address);
    const index = after === -1 ? this.#gaps.length : after;
    this.#gaps.splice(index, 0, { ...block });
    this.#join(index);
    this.#join(index - 1);
  }

  #join(index: number): void {
    const [left, right] = [this.#gaps[index], this.#gaps[index + 1]];
    if (!left || !right || left.address + left.byteLength !== right.address) return;
    left.byteLength += right.byteLength;
    this.#gaps.splice(index + 1, 1);
  }
}

/** The memories that small blocks share. An empty one is let go, unless it is the last. */
let shared: Arena[] = [];

/** Blocks whose owner was collected without giving them back. */
const forgotten = new FinalizationRegistry<Block>((block) => block.free());

/**
 * Memories of large blocks that were given back, the latest last. Only the collector can free a memory,
 * and it runs when the heap is full, whatever lies outside: a part that grows would leave gigabytes.
 */
const spare: Arena[] = [];
/** What is spare beyond this is left to the collector. */
const spareBytesMax = 32 * 1024 * 1024;

/**
 * Takes a block of WebAssembly memory. Small ones share a memory, a large one has its own, which
 * the next large ones use again once it is given back. Given an `owner`, a block is given back too
 * once that has been collected: views of it must not outlive the owner.
 */
export const allocate = (byteLength: number, owner?: object): Block => {
  const block = take(byteLength);
  if (!owner) return block;
  const owned: Block = {
    ...block,
    free() {
      // What was given back must not be held until the owner goes.
      forgotten.unregister(owned);
      block.free();
    },
  };
  forgotten.register(owner, block, owned);
  return owned;
};

const take = (byteLength: number): Block => {
  if (!(byteLength > 0)) throw new RangeError(`allocate: expected bytes > 0, got ${byteLength}`);
  const rounded = Math.ceil(byteLength / alignment) * alignment;
  if (rounded > (sharedPages * pageBytes) / 4) {
    const own = takeSpare(rounded) ?? new Arena(Math.ceil(rounded / pageBytes));
    return own.take(rounded, () => keepSpare(own))!;
  }
  for (const arena of shared) {
    const block = arena.take(rounded, letGo);
    if (block) return block;
  }
  const arena = new Arena(sharedPages);
  shared.push(arena);
  return arena.take(rounded, letGo)!;
};

/** The smallest spare memory that is large enough, unless most of it would be left unused. */
const takeSpare = (byteLength: number): Arena | undefined => {
  let best = -1;
  for (const [index, arena] of spare.entries()) {
    const fits = arena.byteLength >= byteLength && arena.byteLength <= 2 * byteLength + pageBytes;
    if (fits && (best < 0 || arena.byteLength < spare[best]!.byteLength)) best = index;
  }
  return best < 0 ? undefined : spare.splice(best, 1)[0];
};

const keepSpare = (arena: Arena): void => {
  spare.push(arena);
  while (spareByteLength() > spareBytesMax) spare.shift();
};

/** How many bytes of large blocks were given back and wait to be used again: at most 32 MB. */
export const spareByteLength = (): number =>
  spare.reduce((sum, { byteLength }) => sum + byteLength, 0);

const letGo = (): void => {
  if (shared.length > 1) shared = shared.filter((arena, index) => index === 0 || !arena.isEmpty);
};

/** How many memories are shared now: it falls back when blocks are given back. */
export const sharedMemoryCount = (): number => shared.length;
