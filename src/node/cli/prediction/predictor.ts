import type { ClassPrediction, NumberPrediction } from '../../../learn/named-prediction.ts';
import type { Example } from '../../../sources/example.ts';
import type { WrittenCells } from '../../../sources/written-cells.ts';

/** What is known for one row: what the model predicts, or why it cannot. */
export type Answer =
  | {
      readonly prediction: ClassPrediction | NumberPrediction;
      /** What each feature contributes to the class that is predicted, or to the number. */
      readonly contributions?: Readonly<Record<string, number>>;
    }
  | { readonly error: string };

/** A model that answers rows: of a checkpoint, or of a server. */
export interface Predictor {
  /** What people call the model. */
  readonly name: string;
  /** The column that it predicts, where that is known. */
  readonly target?: string;
  /** The classes as of now, in order; undefined in a regression. */
  readonly classes: readonly string[] | undefined;
  /** Which cells it needs as they are written: it types them by its columns. Absent: it needs none. */
  readonly written?: WrittenCells;
  /** One answer a row, in order. */
  answer(examples: readonly Example[]): Promise<readonly Answer[]>;
  close(): void;
}
