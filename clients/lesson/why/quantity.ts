import type { Formula } from './formula.ts';

/** One factor pair of a sum: the quantities that are multiplied. */
export interface SumTerm {
  readonly factors: readonly string[];
}

/**
 * One number of the lesson, and how it was computed. Every number that its equation shows is again a
 * quantity, down to those that are given: inputs, targets, parameters and settings.
 */
export interface Quantity {
  /** Unique, such as `z/2/3`: kind, layer as in the equations, and indices from 0. */
  readonly id: string;
  readonly value: number;
  /** What it is, in words. */
  readonly title: string;
  readonly symbol: Formula;
  /** The equation in symbols, and with this sample's numbers. Absent for what is given. */
  readonly equation?: { readonly symbols: Formula; readonly numbers: Formula };
  /** Why it has this value, in a sentence: for what is given, where it comes from. */
  readonly reason: string;
  /** The quantities that it is computed from. */
  readonly sources: readonly string[];
  /** All terms, where it is a sum that the equation shortens. */
  readonly terms?: readonly SumTerm[];
  /** The value that follows from its sources: how a test checks the equation. */
  readonly recompute?: (value: (id: string) => number) => number;
}
