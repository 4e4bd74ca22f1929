/** How a measure is read. */
export interface MeasureKind {
  readonly name: string;
  /** In words, for a heading. */
  readonly title: string;
  readonly isShare: boolean;
  readonly isHigherBetter: boolean;
}

const KNOWN: readonly MeasureKind[] = [
  { name: 'accuracy', title: 'Accuracy', isShare: true, isHigherBetter: true },
  { name: 'mae', title: 'Mean absolute error', isShare: false, isHigherBetter: false },
];

type Measures = Readonly<Record<string, number | null>>;

/** How a measure of this name is read; one that is not known is a plain number. */
export function measureKind(name: string): MeasureKind {
  const known = KNOWN.find((kind) => kind.name === name);
  return known ?? { name, title: inWords(name), isShare: false, isHigherBetter: false };
}

/** The measure that tells most: accuracy, else the mean absolute error, else the first there is. */
export function mainMeasure(metrics: Measures): MeasureKind | undefined {
  const names = Object.keys(metrics);
  const known = KNOWN.find(({ name }) => names.includes(name));
  if (known) return known;
  return names[0] === undefined ? undefined : measureKind(names[0]);
}

/**
 * How much of what "as last time" gets wrong is got right: 1 is perfect, 0 is no better, negative
 * is worse. NaN where there is nothing to compare with.
 */
export function skill(kind: MeasureKind, value: number, baseline: number): number {
  const [wrong, wrongBefore] = kind.isHigherBetter ? [1 - value, 1 - baseline] : [value, baseline];
  return wrongBefore === 0 ? Number.NaN : 1 - wrong / wrongBefore;
}

function inWords(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
