import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A declaration: the file it lies in, and its name. */
interface Place {
  readonly file: string;
  readonly name: string;
}

/** A declaration as its file has it. */
export interface Documented {
  /** The comment before it, without its frame; empty where there is none. */
  readonly comment: string;
  /** The declaration, with the comments of its members. Of a function: all its overloads. */
  readonly code: string;
}

interface Module {
  /** Each declaration with its comments. */
  readonly documented: ReadonlyMap<string, Documented>;
  /** What each name of the file stands for: imported ones as their file has them. */
  readonly names: ReadonlyMap<string, Place>;
  /** The text of each declaration. */
  readonly declarations: ReadonlyMap<string, string>;
  /** Names given on. */
  readonly exports: ReadonlyMap<string, Place>;
  /** Files all of which is given on. */
  readonly whole: readonly string[];
}

const statement = /^(?=(?:import|export|declare|type|interface|abstract)\b)/m;
const list = /^(import|export) (?:type )?\{([^}]*)\} from '(\.[^']+)'/;
const all = /^export \* from '(\.[^']+)'/;
const declaration =
  /^(?:export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|function|enum) (\w+)/;

/** Declarations as the compiler writes them, one statement to a line's beginning. */
export class Declarations {
  readonly #modules = new Map<string, Module>();

  /** Types that an exported declaration names, and that no entry exports: `PaceOptions needs Governor`. */
  unnameable(entries: readonly string[]): string[] {
    const exported = entries.flatMap((entry) => this.#exportsOf(entry));
    const known = new Set(exported.map(keyOf));
    const wrong = exported.flatMap((place) =>
      this.#namedBy(place)
        .filter((named) => !known.has(keyOf(named)))
        .map((named) => `${place.name} needs ${named.name}`),
    );
    return [...new Set(wrong)].sort();
  }

  /** Every name that an entry exports, sorted, with its declaration. */
  documented(entry: string): [name: string, declaration: Documented][] {
    return this.#exportsOf(entry)
      .map(({ file, name }): [string, Documented] => [
        name,
        this.#module(file).documented.get(name) ?? { comment: '', code: '' },
      ])
      .sort(([one], [other]) => (one < other ? -1 : 1));
  }

  /** Every name of an entry, as the file has it that declares it. */
  #exportsOf(file: string): Place[] {
    const { declarations, exports, whole } = this.#module(file);
    const own = [...declarations].filter(([, text]) => text.startsWith('export'));
    return [
      ...own.map(([name]) => ({ file, name })),
      ...[...exports.values()].map((place) => this.#origin(place)),
      ...whole.flatMap((from) => this.#exportsOf(from)),
    ];
  }

  /** The types of ours in the text of a declaration; of what an interface extends, those in that. */
  #namedBy({ file, name }: Place): Place[] {
    const text = this.#module(file).declarations.get(name) ?? '';
    const [, base = ''] = /interface [^{]*? extends ([^{]*)/.exec(text) ?? [];
    return [
      ...this.#typesIn(text.replace(base, ''), file),
      ...this.#typesIn(base, file).flatMap((place) => this.#namedBy(place)),
    ].filter((place) => keyOf(place) !== keyOf({ file, name }));
  }

  #typesIn(text: string, file: string): Place[] {
    const { names } = this.#module(file);
    const words = text.matchAll(/(?<!typeof |[.\w])([A-Z]\w*)(?!\??:)/g);
    const elsewhere = text.matchAll(/import\("(\.[^"]+)"\)\.(\w+)/g);
    return [
      ...[...words].flatMap(([, word]) => names.get(word!) ?? []),
      ...[...elsewhere].map(([, from, word]) => ({ file: beside(file, from!), name: word! })),
    ].map((place) => this.#origin(place));
  }

  #origin(place: Place): Place {
    const { declarations, names, exports, whole } = this.#module(place.file);
    if (declarations.has(place.name)) return place;
    const next = exports.get(place.name) ?? names.get(place.name);
    if (next) return this.#origin(next);
    const from = whole.find((file) =>
      this.#exportsOf(file).some(({ name }) => name === place.name),
    );
    return from === undefined ? place : this.#origin({ file: from, name: place.name });
  }

  #module(file: string): Module {
    const found = this.#modules.get(file) ?? read(file);
    this.#modules.set(file, found);
    return found;
  }
}

const keyOf = ({ file, name }: Place): string => `${file} ${name}`;

const beside = (file: string, to: string): string =>
  resolve(dirname(file), to.replace(/\.ts$/, '.d.ts'));

/** Comments of the outermost level, and statements. */
const pieces = /^(?=\/\*\*|(?:import|export|declare|type|interface|abstract)\b)/m;

const documentedIn = (text: string): Map<string, Documented> => {
  const documented = new Map<string, Documented>();
  let comment = '';
  for (const piece of text.split(pieces)) {
    const name = declaration.exec(piece)?.[1];
    if (name !== undefined) {
      const before = documented.get(name);
      const code = piece.trim();
      documented.set(
        name,
        before
          ? { comment: before.comment || comment, code: `${before.code}\n${code}` }
          : { comment, code },
      );
    }
    comment = piece.startsWith('/**') ? withoutFrame(piece) : '';
  }
  return documented;
};

const withoutFrame = (comment: string): string =>
  comment
    .replace(/^\/\*\*\s?/, '')
    .replace(/\s*\*\/\s*$/, '')
    .replace(/^\s*\* ?/gm, '')
    .trim();

const read = (file: string): Module => {
  const source = readFileSync(file, 'utf8');
  const text = source.replace(/\/\*[\s\S]*?\*\//g, '');
  const names = new Map<string, Place>();
  const declarations = new Map<string, string>();
  const exports = new Map<string, Place>();
  const whole: string[] = [];
  for (const part of text.split(statement)) {
    const [, kind, listed, from] = list.exec(part) ?? [];
    if (kind) keepList(listed!, beside(file, from!), kind === 'import' ? names : exports);
    const everything = all.exec(part)?.[1];
    if (everything) whole.push(beside(file, everything));
    const name = declaration.exec(part)?.[1];
    if (!name) continue;
    names.set(name, { file, name });
    declarations.set(name, (declarations.get(name) ?? '') + part);
  }
  return { documented: documentedIn(source), names, declarations, exports, whole };
};

/** `A, type B as C` of a list. */
const keepList = (listed: string, file: string, into: Map<string, Place>): void => {
  for (const item of listed.split(',')) {
    const [name, as = name] = item
      .trim()
      .replace(/^type /, '')
      .split(' as ');
    if (name) into.set(as!, { file, name });
  }
};
