import { requireWhole, requireWithin } from '../../math/limits.ts';
import { randomInteger, randomUniform } from '../../math/random.ts';
import { type GeneratedStream, type GeneratorOptions, generate, named } from './generate.ts';

/** Options of {@link led}. */
export interface LedOptions extends GeneratorOptions {
  /** The probability that a segment is inverted, in [0, 1]. Default 0.1. */
  readonly noise?: number;
  /** Further features that are on or off by chance. Default 17; 0 to 1,000. */
  readonly irrelevant?: number;
}

/** The lit segments of each digit: top, upper left, upper right, middle, lower left and right, bottom. */
const digits = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
];
const segments = 7;

/**
 * LED: the seven segments of a digital display as features of 0 or 1, some of them wrong, among
 * others that mean nothing; the digit shown is the target. Each drift moves all segments on by three
 * features. L. Breiman et al., "Classification and regression trees", 1984.
 */
export const led = ({
  noise = 0.1,
  irrelevant = 17,
  ...options
}: LedOptions = {}): GeneratedStream => {
  requireWithin('noise', noise, [0, 1]);
  requireWhole('irrelevant', irrelevant, [0, 1000]);
  const width = segments + irrelevant;
  return generate(
    {
      initial: () => undefined,
      draw(_world, random, concept) {
        const digit = randomInteger(random, digits.length);
        const x = new Float64Array(width);
        for (let i = 0; i < width; i += 1) {
          const isLit = i < segments ? digits[digit]![i] === '1' : false;
          const isTurned = randomUniform(random) < (i < segments ? noise : 0.5);
          x[(i + 3 * concept) % width] = isLit !== isTurned ? 1 : 0;
        }
        return { features: named(x), target: `${digit}` };
      },
    },
    options,
  );
};
