import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ModelInfo } from '../../../broadcast/server-messages.ts';
import { HttpError } from './route.ts';
import { InputTensor, tensorValues } from './tensor.ts';

const InferenceRequest = Type.Object({
  id: Type.Optional(Type.String()),
  parameters: Type.Optional(Type.Object({ partial: Type.Optional(Type.Boolean()) })),
  inputs: Type.Array(InputTensor, { minItems: 1 }),
  outputs: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), parameters: Type.Optional(Type.Object({})) })),
  ),
});
const validator = Compile(InferenceRequest);

/** What an inference request asks for. */
export interface InferenceQuestion {
  readonly id?: string;
  readonly rows: { x: (number | null)[][] } | { features: Record<string, unknown>[] };
  /** The names of the outputs that are wanted, in their order. */
  readonly outputs: readonly string[];
}

/** What a request may hold. */
export interface InferenceRules {
  readonly model: Pick<ModelInfo, 'features' | 'inputs' | 'classes'>;
  /** Rows of one request. */
  readonly rowsMax: number;
}

/** The input that holds whole vectors. */
export const matrixName = 'x';

/** The outputs of a model. */
export const outputNames = ({ classes }: InferenceRules['model']): readonly string[] =>
  classes ? ['y', 'label'] : ['y'];

/** Reads an inference request; throws 400 with what is wrong in it. */
export const inferenceQuestion = (body: unknown, rules: InferenceRules): InferenceQuestion => {
  if (!validator.Check(body)) {
    const [error] = validator.Errors(body);
    throw new HttpError(400, `${error?.instancePath || 'the body'}: ${error?.message}`);
  }
  const { id, inputs, outputs, parameters } = body;
  unique(inputs, 'input');
  unique(outputs ?? [], 'output');
  const known = outputNames(rules.model);
  const wanted = outputs?.map(({ name }) => name) ?? [];
  reportUnknown(wanted, known, 'output');
  return {
    ...(id !== undefined && { id }),
    rows: rowsOf(inputs, rules, parameters?.partial ?? false),
    outputs: wanted.length > 0 ? wanted : known,
  };
};

const unique = (tensors: readonly { readonly name: string }[], what: string): void => {
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw new HttpError(400, `${what} ${name} comes twice`);
    names.add(name);
  }
};

/** How many names an error lists. */
const listedMax = 50;

const list = (names: readonly string[]): string =>
  names.slice(0, listedMax).join(', ') + (names.length > listedMax ? ', …' : '');

const reportUnknown = (given: readonly string[], known: readonly string[], what: string): void => {
  const names = new Set(known);
  const unknown = given.filter((name) => !names.has(name));
  if (unknown.length === 0) return;
  throw new HttpError(400, `unknown ${what}s: ${list(unknown)}; known are ${list(known)}`);
};

/** One matrix named x holds vectors; other inputs are the columns of records, one a feature. */
const rowsOf = (
  inputs: readonly InputTensor[],
  { model, rowsMax }: InferenceRules,
  isPartial: boolean,
): InferenceQuestion['rows'] => {
  for (const { name, shape } of inputs) {
    // Before rows are made: a shape such as [4000000000, 0] has no data.
    if (shape[0]! < 1 || shape[0]! > rowsMax) {
      throw new HttpError(400, `input ${name}: expected 1 to ${rowsMax} rows, got ${shape[0]}`);
    }
  }
  const { features } = model;
  const [first] = inputs;
  const isMatrix = first!.name === matrixName && first!.shape.length === 2 && inputs.length === 1;
  const isColumn = features?.some(({ name }) => name === matrixName) && first!.shape[1] === 1;
  if (isMatrix && !isColumn) return { x: matrixOf(first!, model) };
  const known = features?.map(({ name }) => name) ?? [matrixName];
  if (!features && model.inputs === undefined) return { features: recordsOf(inputs) };
  reportUnknown(
    inputs.map(({ name }) => name),
    known,
    'input',
  );
  if (!features)
    throw new HttpError(400, `input ${matrixName}: expected a shape of two dimensions`);
  const given = new Set(inputs.map(({ name }) => name));
  const missing = known.filter((name) => !given.has(name));
  if (missing.length > 0 && !isPartial) {
    throw new HttpError(
      400,
      `missing inputs: ${list(missing)}; send null for a missing value, or "parameters": {"partial": true}`,
    );
  }
  const kinds = new Map(features.map(({ name, kind }) => [name, kind]));
  for (const input of inputs) checkDatatype(input, kinds.get(input.name)!);
  return { features: recordsOf(inputs) };
};

type Kind = NonNullable<ModelInfo['features']>[number]['kind'];

const checkDatatype = ({ name, datatype }: InputTensor, kind: Kind): void => {
  if ((kind === 'number') !== (datatype === 'BYTES')) return;
  const expected = kind === 'number' ? 'a number, such as FP64' : 'BYTES';
  throw new HttpError(400, `input ${name}: expected ${expected}, got ${datatype}`);
};

const matrixOf = (input: InputTensor, { inputs }: InferenceRules['model']): (number | null)[][] => {
  const [rows, columns] = input.shape as [number, number];
  if (columns !== (inputs ?? columns)) {
    throw new HttpError(400, `input ${input.name}: expected ${inputs} columns, got ${columns}`);
  }
  if (input.datatype === 'BYTES') {
    throw new HttpError(400, `input ${input.name}: expected numbers, such as FP64, got BYTES`);
  }
  const flat = tensorValues(input).map((value) => (value === null ? null : Number(value)));
  return Array.from({ length: rows }, (_, row) => flat.slice(row * columns, (row + 1) * columns));
};

const recordsOf = (inputs: readonly InputTensor[]): Record<string, unknown>[] => {
  const columns = inputs.map((input) => [input.name, columnOf(input)] as const);
  const rows = columns[0]![1].length;
  const other = columns.find(([, values]) => values.length !== rows);
  if (other) {
    const [name, values] = other;
    throw new HttpError(
      400,
      `input ${name} has ${values.length} rows, input ${columns[0]![0]} has ${rows}`,
    );
  }
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
};

const columnOf = (input: InputTensor): unknown[] => {
  const [, columns = 1, ...more] = input.shape;
  if (columns === 1 && more.length === 0) return tensorValues(input);
  throw new HttpError(400, `input ${input.name}: expected the shape [rows] or [rows, 1]`);
};
