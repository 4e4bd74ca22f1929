/** Sizes that grow as a stream goes on. `classCount` is 0 in regression. */
export interface Sizes {
  readonly inputCount: number;
  readonly classCount: number;
}

/** The number of an expert's outputs. */
export const outputsOf = ({ classCount }: Sizes): number => Math.max(1, classCount);
