import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const src = resolve(import.meta.dirname, '../src');

/** The stages in the order of the stream: a file imports from its own and from those before. */
const stages = [
  'math',
  'stream',
  'sources',
  'encode',
  'learn',
  'evaluate',
  'snapshot',
  'broadcast',
  'client',
  'node',
];

/** The rooms of node/, each with those whose files it may import beside its own. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  threads: [],
  sources: ['threads'],
  training: ['threads', 'sources'],
  server: ['threads'],
  cli: ['threads', 'sources', 'training', 'server'],
};

/** The files of node/ that lie in no room: the public names, and the program. */
const nodeEntries: Readonly<Record<string, readonly string[]>> = {
  'node/index.ts': ['sources', 'training', 'server'],
  'node/cli.ts': ['cli'],
};

/** Files that may know rxjs beside the folders that may. */
const operatorFiles = ['encode', 'learn', 'evaluate', 'snapshot'].map((s) => `${s}/operators.ts`);
const rxjsFolders = ['stream', 'sources', 'client', 'node'];

/** The core's own packages: none but rxjs and the schemas of the wire. */
const corePackages: Record<string, readonly string[]> = {
  broadcast: ['typebox', 'typebox/value', 'typebox/compile'],
};

/** Serving the event loop every few milliseconds needs a clock that ticks finer than that. */
const clocks = ['stream/pacer.ts'];

/** What both ends of the wire compute alike: files without any package, so that a client stays small. */
const codec = [
  ...['frame', 'quantize', 'xor', 'close-codes'].map((name) => `broadcast/${name}.ts`),
  'snapshot/frozen-model.ts',
];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

/** The two folders below the one that holds both files; absent where a file lies in that one itself. */
const apart = (from: string, to: string): [string | undefined, string | undefined] => {
  const [ours, theirs] = [from.split('/').slice(0, -1), to.split('/').slice(0, -1)];
  let depth = 0;
  while (depth < ours.length && ours[depth] === theirs[depth]) depth += 1;
  const folder = (path: readonly string[]): string | undefined =>
    depth < path.length ? path.slice(0, depth + 1).join('/') : undefined;
  return [folder(ours), folder(theirs)];
};

/** All that a node leads to. */
const reachable = (node: string, next: ReadonlyMap<string, Iterable<string>>): Set<string> => {
  const reached = new Set(next.get(node));
  for (const other of reached) for (const more of next.get(other) ?? []) reached.add(more);
  return reached;
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') || file.endsWith('.tsx'),
);

const stageOf = (file: string): string => (file.includes('/') ? file.split('/')[0]! : '');

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(src, file), 'utf8');
  const pattern = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  return [...text.matchAll(pattern)].map(([, type, to]) => ({
    from: file,
    to: to!.startsWith('.') ? relative(src, resolve(src, dirname(file), to!)) : to!,
    isType: type !== undefined,
  }));
};

const imports = files.flatMap(importsOf);
const isOurs = ({ to }: Import): boolean => to.endsWith('.ts') || to.endsWith('.tsx');
const shown = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('the map', () => {
  test('is read at all', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(files.map(stageOf).filter((stage) => !['', ...stages].includes(stage))).toEqual([]);
  });

  test('imports run one way: each stage knows those before it', () => {
    const wrong = imports.filter(isOurs).filter(({ from, to }) => {
      const [inner, outer] = [stageOf(from), stageOf(to)];
      if (inner === '') return outer === 'node';
      // The command line runs the whole sentence.
      if (inner === 'node' && to === 'pipeline.ts') return false;
      return outer === '' || stages.indexOf(outer) > stages.indexOf(inner);
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('the rooms of node/ import one way, types included', () => {
    const roomOf = (file: string): string => file.split('/')[1]!;
    const ofNode = files.filter((file) => stageOf(file) === 'node');
    const loose = ofNode.filter((file) => !(roomOf(file) in rooms) && !(file in nodeEntries));
    expect(loose).toEqual([]);
    const wrong = imports
      .filter(isOurs)
      .filter(({ from, to }) => stageOf(from) === 'node' && stageOf(to) === 'node')
      .filter(({ from, to }) => {
        const allowed = nodeEntries[from] ?? [roomOf(from), ...rooms[roomOf(from)]!];
        return !allowed.includes(roomOf(to));
      });
    expect(wrong.map(shown)).toEqual([]);
  });

  test('no two folders side by side need each other, types included', () => {
    const needed = new Map<string, Set<string>>();
    for (const { from, to } of imports.filter(isOurs)) {
      const [one, other] = apart(from, to);
      if (one !== undefined && other !== undefined) {
        needed.set(one, (needed.get(one) ?? new Set()).add(other));
      }
    }
    expect(needed.size).toBeGreaterThan(20);
    expect([...needed.keys()].filter((folder) => reachable(folder, needed).has(folder))).toEqual(
      [],
    );
  });

  test('no file needs one that needs it, types included', () => {
    const needed = new Map<string, string[]>();
    for (const { from, to } of imports) needed.set(from, [...(needed.get(from) ?? []), to]);
    expect(files.filter((file) => reachable(file, needed).has(file))).toEqual([]);
  });

  test('only node/ knows Node and its packages', () => {
    const wrong = imports
      .filter((found) => !isOurs(found) && stageOf(found.from) !== 'node')
      .filter(({ to }) => to !== 'rxjs')
      .filter(({ from, to }) => !corePackages[stageOf(from)]?.includes(to));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('rxjs lies in the operator file of a stage, and in stream, sources, client and node', () => {
    const wrong = imports
      .filter(({ to }) => to === 'rxjs' || to.startsWith('rxjs/'))
      .filter(({ from }) => stageOf(from) !== '' && !rxjsFolders.includes(stageOf(from)))
      .filter(({ from }) => !operatorFiles.includes(from));
    expect(wrong.map(shown)).toEqual([]);
  });

  test('the client knows nothing of the other stages but types and the codec of the wire', () => {
    const wrong = imports
      .filter(isOurs)
      .filter(({ from, to }) => stageOf(from) === 'client' && stageOf(to) !== 'client')
      .filter(({ to, isType }) => !isType && stageOf(to) !== 'stream' && stageOf(to) !== 'math')
      .filter(({ to }) => !codec.includes(to));
    expect(wrong.map(shown)).toEqual([]);
  });

  test("the thread of a broker's client loads no rxjs, which takes three times as long as all else", () => {
    const loaded = new Set(['node/sources/mqtt/client-thread.ts']);
    for (const file of loaded) {
      for (const { from, to, isType } of imports) if (from === file && !isType) loaded.add(to);
    }
    expect(loaded).toContain('mqtt');
    expect(loaded).not.toContain('rxjs');
  });

  test('clients/ import only src/client', () => {
    const clients = resolve(src, '../clients');
    const wrong = readdirSync(clients, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/node_modules|dist\//.test(file))
      // The examples are programs of users: they take the package by its public names.
      .filter((file) => !file.startsWith('examples/'))
      .flatMap((file) =>
        [...readFileSync(join(clients, file), 'utf8').matchAll(/from '(\.[^']+)'/g)]
          .map(([, to]) => relative(src, resolve(clients, dirname(file), to!)))
          .filter((to) => !to.startsWith('..') && stageOf(to) !== 'client')
          .map((to) => `${file} imports ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  test('no file is a drawer for odds and ends', () => {
    const drawer = /(^|\/)(utils?|helpers?|common|constants|types|misc)\.tsx?$/;
    expect(files.filter((file) => drawer.test(file))).toEqual([]);
  });

  test('no file has over 300 lines of code, but for data', () => {
    const long = files
      .filter((file) => !file.endsWith('-data.ts'))
      .filter(
        (file) =>
          codeOf(file)
            .split('\n')
            .filter((line) => line.trim()).length > 300,
      );
    expect(long).toEqual([]);
  });

  test('no clock and no unseeded chance outside node/ and client/', () => {
    const wrong = files
      .filter((file) => !['node', 'client'].includes(stageOf(file)))
      .filter((file) => !clocks.includes(file))
      .filter((file) => /Math\.random|Date\.now|performance\.now/.test(codeOf(file)));
    expect(wrong).toEqual([]);
  });
});

/** A file without its comments, which may name what they warn of. */
const codeOf = (file: string): string =>
  readFileSync(join(src, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
