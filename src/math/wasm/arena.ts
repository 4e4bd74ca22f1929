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
/** Small blocks share memories of this size: a process has room for some 13,000 memories. */
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
  readonly #byteLength: number;

  constructor(pages: number) {
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.#byteLength = pages * pageBytes;
    this.#gaps = [{ address: 0, byteLength: this.#byteLength }];
  }

  get isEmpty(): boolean {
    return this.#gaps[0]?.byteLength === this.#byteLength;
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
    new Uint8Array(buffer, address, byteLength).fill(0);
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
 * Takes a block of WebAssembly memory. Small ones share a memory, a large one has its own, which
 * the collector takes back once nobody holds the block. Given an `owner`, a block is given back too
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
    const own = new Arena(Math.ceil(rounded / pageBytes));
    return own.take(rounded, () => {})!;
  }
  for (const arena of shared) {
    const block = arena.take(rounded, letGo);
    if (block) return block;
  }
  const arena = new Arena(sharedPages);
  shared.push(arena);
  return arena.take(rounded, letGo)!;
};

const letGo = (): void => {
  if (shared.length > 1) shared = shared.filter((arena, index) => index === 0 || !arena.isEmpty);
};

/** How many memories are shared now: it falls back when blocks are given back. */
export const sharedMemoryCount = (): number => shared.length;
