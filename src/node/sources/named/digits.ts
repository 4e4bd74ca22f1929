import { digitCount, digitExamples } from '../../../sources/digits.ts';
import type { NamedSource } from './named-source.ts';

/** The handwritten digits that the package contains. */
export const digits: NamedSource = {
  title: 'digits',
  words: ['digits'],
  options: ['passes'],
  open: (_specs, { seed, rate, passes, governor }) => ({
    name: 'digits',
    examples: digitExamples({
      seed,
      ...(rate && { rate }),
      ...(passes && { passes }),
      ...(governor && { governor }),
    }),
    isTyped: true,
    isLive: false,
    isReplayable: true,
    task: 'classification',
    featureMax: 16,
    ...(passes && { count: passes * digitCount }),
  }),
};
