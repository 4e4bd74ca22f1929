import { requireWhole, requireWithin } from '../../math/limits.ts';
import { type RandomMemory, randomInteger, randomUniform } from '../../math/random.ts';
import { type Applicant, rules } from './agrawal-rules.ts';
import { type GeneratedStream, type GeneratorOptions, generate } from './generate.ts';

/** Options of {@link agrawal}. */
export interface AgrawalOptions extends GeneratorOptions {
  /** The rule before the first drift: 1 to 10. Default 1. */
  readonly rule?: number;
  /** The chance that a target is turned round. Default 0. */
  readonly noise?: number;
}

/**
 * Applicants for a loan, six numbers and three categories, who belong to group A or B by one of ten
 * rules. Each drift goes on to the next rule. R. Agrawal, T. Imielinski and A. Swami, "Database
 * mining: a performance perspective", 1993.
 */
export const agrawal = ({
  rule = 1,
  noise = 0,
  ...options
}: AgrawalOptions = {}): GeneratedStream => {
  requireWhole('rule', rule, [1, rules.length]);
  requireWithin('noise', noise, [0, 1]);
  return generate(
    {
      initial: () => undefined,
      draw(_world, random, concept) {
        const applicant = draw(random);
        const isInA = rules[(rule - 1 + concept) % rules.length]!(applicant);
        const { education, car, zipcode, ...numbers } = applicant;
        const categories = {
          education: `level ${education}`,
          car: `make ${car}`,
          zipcode: `zip ${zipcode}`,
        };
        const target = isInA !== randomUniform(random) < noise ? 'A' : 'B';
        return { features: { ...numbers, ...categories }, target };
      },
    },
    options,
  );
};

const draw = (random: RandomMemory): Applicant => {
  const between = (from: number, to: number): number => from + (to - from) * randomUniform(random);
  const salary = between(20_000, 150_000);
  // Drawn in any case, so that all that comes later is the same whatever the salary.
  const commission = between(10_000, 75_000);
  const zipcode = randomInteger(random, 9);
  return {
    salary,
    commission: salary >= 75_000 ? 0 : commission,
    age: 20 + randomInteger(random, 61),
    education: randomInteger(random, 5),
    car: 1 + randomInteger(random, 20),
    zipcode,
    houseValue: (9 - zipcode) * between(50_000, 150_000),
    houseYears: 1 + randomInteger(random, 30),
    loan: between(0, 500_000),
  };
};
