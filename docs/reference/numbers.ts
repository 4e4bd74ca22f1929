import type { Documented } from './declarations.ts';

/** A shape, a unit or a range, as a comment may state it. */
const measures = [
  // Intervals and comparisons: [0, 1], (0, 1], ≥ 0, 0 … 1, 1 to 100, ±1e15.
  /[[(][−-]?[\d∞.e]+, [^\])]+[\])]/,
  /[≥≤<>±]/,
  /\d (?:to|…) [\d−-]/,
  /\b(?:between|at least|at most|above 0|positive|integer|whole number|finite number|as long as)\b/i,
  // Units.
  /\b(?:ms|milliseconds?|seconds?|bytes?|characters|UTF-16 units|hertz|deviations|in units? of|in the unit of)\b/i,
  /\b(?:samples|examples|values|outcomes|rows|records|pairs|bins|steps|updates|predictions|requests|messages|connections|parameters|groups|classes|entries|features|points|weights|0-based|1-based|counted from 1)\b/i,
  // Shapes.
  /\b(?:one (?:\w+ )?per|one for each|one an? \w+|outputs?Count|inputs?Count|row-major|numbers)\b/i,
];

const isMeasured = (comment: string): boolean => measures.some((measure) => measure.test(comment));

/** `everyMs`, `bufferBytes`: the unit is in the name. */
const hasUnit = (name: string): boolean => /(?:Ms|Bytes|Chars|Count|Seconds)$/.test(name);

const numeric = /\b(?:number|Float64Array|Float32Array)\b/;

/** Interfaces whose numbers a caller passes. */
const isPassed = (name: string): boolean =>
  /Options$|^(?:Limits|Sample|LabelledSample|Example|Label|Observation|Row)$/.test(name);

interface Member {
  readonly name: string;
  readonly comment: string;
  /** What stands behind its name, on its line. */
  readonly type: string;
}

const memberLine = /^ {4}(?:(?:readonly|static|abstract) )*(\w+)\??([:(<].*)$/;

const membersOf = (code: string): Member[] => {
  const members: Member[] = [];
  let comment = '';
  for (const line of code.split('\n')) {
    const found = memberLine.exec(line);
    if (found) members.push({ name: found[1]!, type: found[2]!, comment });
    if (/^ {4}(?:\/\*\*| \*)/.test(line)) comment = line.includes('/**') ? line : comment + line;
    else comment = '';
  }
  return members;
};

/** The parameters of a method or a function that has any, else nothing. */
const parametersOf = (type: string): string =>
  /^(?:<[^(]*>)?\(([\s\S]*?)\)(?::| =>)/.exec(type)?.[1] ?? '';

const basesOf = (code: string): string[] => {
  const [, bases = ''] = /(?:extends|implements) ([^{]*)\{/.exec(code) ?? [];
  return bases.match(/[A-Z]\w*/g) ?? [];
};

type Names = ReadonlyMap<string, Documented>;

/** Members of a name that take numbers, with the comment of a base where they have none. */
const takingNumbers = (name: string, names: Names): Member[] => {
  const { code = '' } = names.get(name) ?? {};
  const inherited = basesOf(code).flatMap((base) => membersOf(names.get(base)?.code ?? ''));
  return membersOf(code)
    .filter((member) => {
      const isField = member.type.startsWith(':');
      const passed = isField ? (isPassed(name) ? member.type : '') : parametersOf(member.type);
      return member.name !== 'constructor' && numeric.test(passed);
    })
    .map((member) => {
      const base = inherited.find((other) => other.name === member.name);
      return base ? { ...member, comment: member.comment + base.comment } : member;
    });
};

/**
 * Public options, parameters and fields of samples that are numbers or arrays, and whose comment has no
 * shape, unit or range. A comment of the interface that says what each of its numbers is counts for all.
 */
export const unmeasuredNumbers = (names: Names): string[] => {
  const found: string[] = [];
  for (const [name, { code, comment }] of names) {
    if (name.endsWith('Memory') || code.includes('Type.TObject<')) continue;
    if (/^export declare (?:const|function)/.test(code)) {
      const type = code.slice(code.search(/[(<]/));
      if (numeric.test(parametersOf(type)) && !isMeasured(comment)) found.push(name);
      continue;
    }
    if (/\beach is\b/i.test(comment) && isMeasured(comment)) continue;
    for (const member of takingNumbers(name, names)) {
      if (hasUnit(member.name) || isMeasured(member.comment)) continue;
      found.push(`${name}.${member.name}`);
    }
  }
  return found.sort();
};
