import type { LabelledSample } from '../engine.ts';

/** Runs of samples of the same weight, none longer than `most`. */
export const inChunks = (
  samples: readonly LabelledSample[],
  most: number,
  visit: (chunk: readonly LabelledSample[], first: number, weight: number) => void,
): void => {
  for (let first = 0; first < samples.length; ) {
    const weight = samples[first]!.weight ?? 1;
    let end = first + 1;
    while (end < samples.length && end - first < most && (samples[end]!.weight ?? 1) === weight) {
      end += 1;
    }
    visit(samples.slice(first, end), first, weight);
    first = end;
  }
};
