import type { Block } from './arena.ts';
import { ModuleBuilder } from './module-builder.ts';

/** Modules in order of their latest use: what several networks of one shape share. */
const modules = new Map<string, WebAssembly.Module>();
/** More shapes than this at once are rare; compiling again costs about a millisecond. */
const modulesMax = 64;

/**
 * The functions of a generated module, on the memory of a block. The key must name everything
 * that the generated code depends on: the module of a key is built once and shared.
 */
export const program = <Functions>(
  block: Block,
  key: string,
  build: (builder: ModuleBuilder) => void,
): Functions => {
  const module = modules.get(key) ?? compile(build);
  modules.delete(key);
  modules.set(key, module);
  if (modules.size > modulesMax) modules.delete(modules.keys().next().value!);
  return block.instance(module) as Functions;
};

const compile = (build: (builder: ModuleBuilder) => void): WebAssembly.Module => {
  const builder = new ModuleBuilder();
  build(builder);
  return new WebAssembly.Module(builder.bytes());
};
