import type { LabelledSample } from '../../labelled-sample.ts';

/** Some samples in a row, all of the same weight. */
export interface Chunk {
  readonly first: number;
  readonly end: number;
  readonly weight: number;
}

/** Visits all samples in chunks of at most `most`. */
export const inChunks = (
  samples: readonly LabelledSample[],
  most: number,
  visit: (chunk: Chunk) => void,
): void => {
  for (let first = 0; first < samples.length; ) {
    const weight = samples[first]!.weight ?? 1;
    let end = first + 1;
    while (end < samples.length && end - first < most && (samples[end]!.weight ?? 1) === weight) {
      end += 1;
    }
    visit({ first, end, weight });
    first = end;
  }
};
