import { ByteList, byteCount, type Code, typeByte, unsigned, type ValueType } from './code.ts';
import { FunctionBuilder } from './function-builder.ts';
import { F32, F64, I32 } from './scalars.ts';

/** The types that JavaScript can pass to a function and get back. */
export type Scalar = Exclude<ValueType, 'v128'>;

/** What a function takes and gives back. */
export interface Signature {
  readonly takes: readonly Scalar[];
  readonly gives?: Scalar;
}

type ScalarOf<S extends Scalar> = S extends 'i32' ? I32 : S extends 'f32' ? F32 : F64;

/** The parameters of a function, as values of its body. */
export type Parameters<Takes extends readonly Scalar[]> = {
  readonly [Index in keyof Takes]: ScalarOf<Takes[Index]>;
};

/** Where a module finds its memory among its imports: `{ env: { memory } }`. */
export const memoryImport = { module: 'env', name: 'memory' } as const;

const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/**
 * Puts functions together to a WebAssembly module that works on an imported memory.
 *
 * ```ts
 * const builder = new ModuleBuilder();
 * builder.export('half', { takes: ['f32'], gives: 'f32' }, (f, [x]) => f.return(x.mul(0.5)));
 * const module = new WebAssembly.Module(builder.bytes());
 * ```
 */
export class ModuleBuilder {
  readonly #signatures: Code[] = [];
  readonly #exports: Code[] = [];
  readonly #bodies: Code[] = [];

  /** Adds a function that JavaScript can call. */
  export<const Takes extends readonly Scalar[]>(
    name: string,
    { takes, gives }: { readonly takes: Takes; readonly gives?: Scalar },
    body: (builder: FunctionBuilder, parameters: Parameters<Takes>) => void,
  ): void {
    const builder = new FunctionBuilder(takes.length);
    body(builder, takes.map(parameter) as unknown as Parameters<Takes>);
    this.#exports.push([text(name), 0x00, unsigned(this.#bodies.length)]);
    this.#signatures.push([0x60, list(takes.map(byteOf)), list(gives ? [byteOf(gives)] : [])]);
    this.#bodies.push([builder.finish(gives)]);
  }

  /** The module in the binary format. */
  bytes(): Uint8Array<ArrayBuffer> {
    const memory = [text(memoryImport.module), text(memoryImport.name), 0x02, 0x00, 0x00];
    const module = new ByteList();
    module.append([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(sections.type, list(this.#signatures)),
      section(sections.import, list([memory])),
      section(sections.function, list(this.#bodies.map((_, index) => unsigned(index)))),
      section(sections.export, list(this.#exports)),
      section(sections.code, list(this.#bodies)),
    ]);
    return module.bytes();
  }
}

const byteOf = (type: Scalar): number => typeByte[type];

const parameter = (type: Scalar, index: number): I32 | F32 | F64 => {
  const Kind = { i32: I32, f32: F32, f64: F64 }[type];
  return new Kind([0x20, ...unsigned(index)], index);
};

const list = (items: readonly Code[]): Code => [unsigned(items.length), items];

const text = (value: string): Code => list([...new TextEncoder().encode(value)]);

const section = (id: number, content: Code): Code => [id, unsigned(byteCount(content)), content];
