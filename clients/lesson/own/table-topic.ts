import { classNames, type Example, encoder, inferTask, slotNames } from 'rivulet';
import type { LessonTopic } from '../model/topics.ts';
import { learnerModel, scaleOf } from '../server/frozen-topic.ts';
import type { LessonSample } from '../why/lesson-pass.ts';
import { CsvError, type CsvTable } from './csv-table.ts';

/** So few that a reader can look at each of them. */
const hiddenUnits = 8;
/** More inputs are too many to look at. */
const inputsMax = 256;

/** A table as something to learn, and which of its rows were left out. */
export interface TableTopic {
  readonly topic: LessonTopic;
  /** In words, at most a few. */
  readonly problems: readonly string[];
  readonly leftOut: number;
}

const missing = new Set(['', 'na', 'n/a', 'nan', 'null', '?']);

const cellValue = (field: string): number | string | undefined => {
  if (missing.has(field.toLowerCase())) return undefined;
  const number = Number(field);
  return Number.isFinite(number) ? number : field;
};

/** How many problems are told in words. */
const problemsTold = 3;

/**
 * The rows of a table as samples: numbers as they are, texts one input per value, empty fields missing.
 * Throws a {@link CsvError} where nothing can be learned from it.
 */
export const tableTopic = ({ names, rows }: CsvTable, target: string): TableTopic => {
  const problems: string[] = [];
  const at = names.indexOf(target);
  if (at < 0) throw new CsvError(`There is no column ${target}`);
  const examples = rows.flatMap(({ line, fields }): Example[] => {
    const problem = problemOf(fields, { names, at });
    if (problem) {
      problems.push(`line ${line}: ${problem}`);
      return [];
    }
    const entries = names.map((name, i) => [name, cellValue(fields[i]!)] as const);
    const features = entries.filter(([name, value]) => name !== target && value !== undefined);
    return [{ features: Object.fromEntries(features), target: cellValue(fields[at]!) as string }];
  });
  if (examples.length === 0) throw new CsvError(`No row can be learned: ${problems[0]}`);
  const encoded = samplesOf(examples);
  return {
    topic: topicOf(encoded, target),
    problems: problems.slice(0, problemsTold),
    leftOut: problems.length,
  };
};

const problemOf = (
  fields: readonly string[],
  { names, at }: { names: readonly string[]; at: number },
): string | undefined => {
  if (fields.length !== names.length) {
    return `it has ${fields.length} fields, the header has ${names.length}`;
  }
  return cellValue(fields[at]!) === undefined ? `its ${names[at]} is missing` : undefined;
};

interface Encoded {
  readonly samples: readonly LessonSample[];
  readonly inputs: readonly string[];
  readonly classes: readonly string[] | undefined;
}

/** Twice through the encoder of the library: once to find all inputs and classes. */
const samplesOf = (examples: readonly Example[]): Encoded => {
  const task = inferTask(examples);
  const part = encoder({ task });
  const memory = part.initial();
  for (const example of examples) part.update(memory, example);
  const inputs = slotNames(memory);
  if (inputs.length === 0) throw new CsvError('There is no column to learn from beside the target');
  if (inputs.length > inputsMax) {
    throw new CsvError(
      `The columns make ${inputs.length} inputs, which are too many to look at: leave some out, at most ${inputsMax}`,
    );
  }
  const classes = task === 'classification' ? classNames(memory) : undefined;
  if (classes?.length === 1) throw new CsvError(`The target is always ${classes[0]}`);
  const samples = examples.map((example) => {
    const { x, y = [] } = part.apply(memory, example);
    return { x: Array.from(x), y: Array.from(y) };
  });
  return { samples, inputs, classes };
};

const topicOf = ({ samples, inputs, classes }: Encoded, target: string): LessonTopic => {
  const outputs = classes?.length ?? 1;
  return {
    id: 'table',
    title: 'Your own table',
    about:
      `${samples.length.toLocaleString('en')} rows of your own, ${inputs.length} inputs; ` +
      (classes
        ? `the target ${target} is one of ${outputs} classes.`
        : `the target ${target} is a number.`),
    model: {
      ...learnerModel(classes !== undefined),
      sizes: [inputs.length, hiddenUnits, outputs],
      ...(!classes && { target: scaleOf(samples.map(({ y }) => y[0]!)) }),
    },
    samples,
    inputName: (input) => inputs[input] ?? `input ${input + 1}`,
    outputName: (output) => classes?.[output] ?? target,
  };
};
