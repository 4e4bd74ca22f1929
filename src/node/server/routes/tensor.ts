import { type Static, Type } from 'typebox';
import { HttpError } from './route.ts';

/** An input of the Open Inference Protocol. */
export const InputTensor = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 1_024 }),
  shape: Type.Array(Type.Integer({ minimum: 0 }), { minItems: 1 }),
  datatype: Type.String(),
  parameters: Type.Optional(Type.Object({})),
  data: Type.Array(Type.Unknown()),
});
export type InputTensor = Static<typeof InputTensor>;

const isWhole =
  (least: number, largest: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= largest;

/** The datatypes of the protocol, each with what JSON value it allows. */
const datatypes = new Map<string, (value: unknown) => boolean>([
  ['BOOL', (value) => typeof value === 'boolean'],
  ['UINT8', isWhole(0, 255)],
  ['UINT16', isWhole(0, 65_535)],
  ['UINT32', isWhole(0, 4_294_967_295)],
  ['UINT64', isWhole(0, Number(0xffff_ffff_ffff_ffffn))],
  ['INT8', isWhole(-128, 127)],
  ['INT16', isWhole(-32_768, 32_767)],
  ['INT32', isWhole(-2_147_483_648, 2_147_483_647)],
  ['INT64', isWhole(-Number(0x8000_0000_0000_0000n), Number(0x7fff_ffff_ffff_ffffn))],
  ['FP16', Number.isFinite],
  ['FP32', Number.isFinite],
  ['FP64', Number.isFinite],
  ['BYTES', (value) => typeof value === 'string'],
]);

/**
 * The values of an input in row-major order: numbers, booleans or texts as its datatype says, null
 * where one is missing. Throws 400 where datatype, shape and data do not agree.
 */
export const tensorValues = ({ name, shape, datatype, data }: InputTensor): unknown[] => {
  const allows = datatypes.get(datatype);
  if (!allows) {
    const known = [...datatypes.keys()].join(', ');
    throw new HttpError(400, `input ${name}: unknown datatype ${datatype}; known are ${known}`);
  }
  const values = flatten(data, shape);
  if (!values) {
    throw new HttpError(
      400,
      `input ${name}: shape [${shape.join(', ')}] does not fit the data: ` +
        'it is one flat array, or nested as the shape says',
    );
  }
  const wrong = values.findIndex((value) => value !== null && !allows(value));
  if (wrong === -1) return values;
  const value = values[wrong];
  // An object may be nested too deep to be shown.
  const found = typeof value === 'object' ? 'an object' : JSON.stringify(value).slice(0, 40);
  throw new HttpError(400, `input ${name}: value ${wrong} is no ${datatype}: ${found}`);
};

/** The values one after another; undefined where they are not as many, or not nested, as the shape says. */
const flatten = (data: readonly unknown[], shape: readonly number[]): unknown[] | undefined => {
  const [size = 0, ...inner] = shape;
  if (!data.some(Array.isArray)) {
    return data.length === shape.reduce((count, length) => count * length, 1)
      ? [...data]
      : undefined;
  }
  if (data.length !== size || inner.length === 0) return undefined;
  const rows = data.map((row) =>
    // Flat data is allowed as a whole, not in one of its dimensions.
    Array.isArray(row) && (inner.length > 1 || row.length === inner[0])
      ? flatten(row, inner)
      : undefined,
  );
  return rows.includes(undefined) ? undefined : rows.flatMap((row) => row!);
};
