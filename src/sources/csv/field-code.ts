import type { Block } from '../../math/wasm/arena.ts';
import type { FunctionBuilder } from '../../math/wasm/function-builder.ts';
import { program } from '../../math/wasm/program.ts';
import { F64, I32 } from '../../math/wasm/scalars.ts';
import { U8x16 } from '../../math/wasm/u8x16.ts';
import { carriageReturn, minus, newline, quote } from '../ascii.ts';
import { decimalBytes, readDecimal } from './decimal-code.ts';

/** How many bytes are looked at together. */
const bytesAtOnce = 16;

/** So far behind the last byte the program looks. */
export const lookAhead = 2 * bytesAtOnce;

/** Where things lie in a table of fields, in bytes. */
export const table = {
  /** How many fields it has (i32). */
  count: 0,
  /** Where the cutting stopped (i32). */
  stop: 4,
  /** The powers of ten (f64). */
  powers: 16,
  /** The fields: where each begins and ends (i32, i32), and what it is as a number (f64). */
  fields: 16 + 8 * decimalBytes,
} as const;

/** How many bytes a field takes in a table. */
export const fieldBytes = 16;

/** Why no more fields were cut. */
export const stops = {
  /** The end of the field has not come yet. */
  bytes: 0,
  /** The row is at its end. */
  row: 1,
  /** A quoted field begins, or the capacity for fields is used up. */
  field: 2,
} as const;

/** Cuts rows of CSV into fields. */
export interface FieldProgram {
  /**
   * Cuts plain fields, one at least, and adds them to a table for as long as there is room before
   * `tableEnd`. A decimal of at most 15 characters, its sign aside, is also the number that its text
   * is, to the bit; another field is NaN. All are addresses, in bytes; the places in the table count
   * from `bytes`. What lies up to {@link lookAhead} behind `to` is read, but changes nothing. Returns
   * one of the {@link stops}.
   */
  cut(
    table: number,
    tableEnd: number,
    bytes: number,
    from: number,
    to: number,
    delimiter: number,
  ): number;
}

/** Compiled once. The table must hold the powers of ten. */
export const fieldProgram = (block: Block): FieldProgram =>
  program<FieldProgram>(block, 'fields of a CSV', (module) => {
    const takes = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
    module.export('cut', { takes, gives: 'i32' }, (f, [start, tableEnd, bytes, from, to, byte]) => {
      const fields = f.keep(start.add(table.fields));
      const field = f.keep(fields.add(I32.load(start, table.count).mul(fieldBytes)));
      const powers = f.keep(start.add(table.powers));
      const delimiters = f.keep(U8x16.splat(byte));
      const at = f.keep(from);
      const finish = (stop: number, place: I32): void => {
        f.store(start, table.stop, place.sub(bytes));
        f.store(start, table.count, field.sub(fields).shiftRight(31 - Math.clz32(fieldBytes)));
        f.return(I32.of(stop));
      };
      f.repeat(() => {
        const isNegative = f.keep(I32.loadByte(at).equals(minus));
        const first = f.keep(at.add(isNegative));
        const head = f.keep(U8x16.load(first));
        const end = f.keep(endOf(f, { first, head, to, delimiters }));
        f.if(end.isBelow(to).isZero(), () => f.return(I32.of(stops.bytes)));
        const isLast = f.keep(I32.loadByte(end).equals(newline));
        const textEnd = f.keep(beforeReturn(f, { at, end, isLast }));
        const number = numberOf(f, { isNegative, head, length: textEnd.sub(first), powers });
        f.store(field, 0, at.sub(bytes));
        f.store(field, 4, textEnd.sub(bytes));
        f.store(field, 8, number);
        f.set(field, field.add(fieldBytes));
        f.if(isLast, () => finish(stops.row, end));
        f.set(at, end.add(1));
        return I32.loadByte(at).notEquals(quote).and(field.isBelow(tableEnd));
      });
      finish(stops.field, at);
    });
  });

interface Start {
  /** Where the field begins, its sign left out. */
  readonly first: I32;
  /** The bytes from there on. */
  readonly head: U8x16;
  readonly to: I32;
  readonly delimiters: U8x16;
}

/** Where the delimiter or the line break is that ends a field; a place behind `to` where there is none. */
const endOf = (f: FunctionBuilder, { first, head, to, delimiters }: Start): I32 => {
  const endings = (bytes: U8x16): I32 =>
    bytes
      .equals(delimiters)
      .or(bytes.equals(U8x16.splat(newline)))
      .bytesSet();
  const at = f.keep(first);
  const found = f.keep(endings(head));
  f.if(found.isZero(), () => {
    f.repeat(() => {
      f.set(at, at.add(bytesAtOnce));
      f.set(found, endings(U8x16.load(at)));
      return found.isZero().and(at.isBelow(to));
    });
  });
  return at.add(found.trailingZeros());
};

/** The end of a field without the carriage return that may lie before a line break. */
const beforeReturn = (
  f: FunctionBuilder,
  { at, end, isLast }: { at: I32; end: I32; isLast: I32 },
): I32 => {
  const textEnd = f.keep(end);
  f.if(isLast.and(at.isBelow(end)), () => {
    f.set(textEnd, end.sub(I32.loadByte(end.sub(1)).equals(carriageReturn)));
  });
  return textEnd;
};

interface Text {
  readonly isNegative: I32;
  /** The first bytes behind the sign. */
  readonly head: U8x16;
  readonly length: I32;
  readonly powers: I32;
}

/** What a field is as a number; NaN where it is no decimal. */
const numberOf = (f: FunctionBuilder, text: Text): F64 => {
  const number = f.keep(F64.of(Number.NaN));
  const length = f.keep(text.length);
  f.if(length.isBelow(decimalBytes), () => {
    const { value, isDecimal } = readDecimal(f, { bytes: text.head, length, powers: text.powers });
    // A zero has no sign.
    const signed = F64.select(text.isNegative, F64.of(0).sub(value), value);
    f.set(number, F64.select(isDecimal, signed, number));
  });
  return number;
};
