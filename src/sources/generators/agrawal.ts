import { requireWhole, requireWithin } from '../../math/limits.ts';
import { type RandomMemory, randomInteger, randomUniform } from '../../math/random.ts';
import { type GeneratedStream, type GeneratorOptions, generate } from './generate.ts';

/** An applicant for a loan. Money in dollars. */
interface Applicant {
  readonly salary: number;
  readonly commission: number;
  /** 20 to 80. */
  readonly age: number;
  /** The level of education: 0 to 4. */
  readonly education: number;
  /** The maker of the car: 1 to 20. */
  readonly car: number;
  /** 0 to 8. */
  readonly zipcode: number;
  readonly houseValue: number;
  /** Years the house has been owned: 1 to 30. */
  readonly houseYears: number;
  readonly loan: number;
}

type Range = readonly [number, number];

/** One entry for those below 40, one for those below 60, one for the others. */
type ByAge<T> = readonly [T, T, T];

const thousand = 1000;
const isWithin = (value: number, [from, to]: Range): boolean =>
  value >= from * thousand && value <= to * thousand;

const atAge = <T>(age: number, [young, middle, old]: ByAge<T>): T => {
  if (age < 40) return young;
  return age < 60 ? middle : old;
};

const usualPay: ByAge<Range> = [
  [50, 100],
  [75, 125],
  [25, 75],
];

const levels: ByAge<readonly number[]> = [
  [0, 1],
  [1, 2, 3],
  [2, 3, 4],
];

/** The salary required of applicants whose education is at a listed level, and of the others. */
const payByLevel: ByAge<readonly [Range, Range]> = [
  [
    [25, 75],
    [50, 100],
  ],
  [
    [50, 100],
    [75, 125],
  ],
  [
    [50, 100],
    [25, 75],
  ],
];

/** The loan required of applicants with the usual pay, and of the others. */
const loanByPay: ByAge<readonly [Range, Range]> = [
  [
    [100, 300],
    [200, 400],
  ],
  [
    [200, 400],
    [300, 500],
  ],
  [
    [300, 500],
    [100, 300],
  ],
];

const hasLevel = ({ age, education }: Applicant): boolean => atAge(age, levels).includes(education);
const hasUsualPay = ({ age, salary }: Applicant): boolean => isWithin(salary, atAge(age, usualPay));
const income = ({ salary, commission }: Applicant): number => (2 * (salary + commission)) / 3;
const equity = ({ houseYears, houseValue }: Applicant): number =>
  (Math.max(houseYears - 20, 0) * houseValue) / 10;

/** The ten rules: whether an applicant belongs to group A. */
export const rules: readonly ((applicant: Applicant) => boolean)[] = [
  ({ age }) => age < 40 || age >= 60,
  hasUsualPay,
  hasLevel,
  (a) => isWithin(a.salary, atAge(a.age, payByLevel)[hasLevel(a) ? 0 : 1]),
  (a) => isWithin(a.loan, atAge(a.age, loanByPay)[hasUsualPay(a) ? 0 : 1]),
  (a) => isWithin(a.salary + a.commission, atAge(a.age, usualPay)),
  (a) => income(a) - a.loan / 5 - 20_000 > 0,
  (a) => income(a) - 5000 * a.education - 20_000 > 0,
  (a) => income(a) - 5000 * a.education - a.loan / 5 - 10_000 > 0,
  (a) => income(a) - 5000 * a.education + equity(a) / 5 - 10_000 > 0,
];

/** Options of {@link agrawal}. */
export interface AgrawalOptions extends GeneratorOptions {
  /** The rule before the first drift: 1 to 10. Default 1. */
  readonly rule?: number;
  /** The probability that a target is the other class, in [0, 1]. Default 0. */
  readonly noise?: number;
}

/**
 * Applicants for a loan, six numbers and three categories, who belong to group A or B by one of ten
 * rules. Each drift switches to the next rule. R. Agrawal, T. Imielinski and A. Swami, "Database
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
  // Always drawn, so that later draws do not depend on the salary.
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
