/** How a measure is read. */
export interface MeasureKind {
  readonly name: string;
  /** In words, for a heading. */
  readonly title: string;
  readonly isShare: boolean;
  readonly isHigherBetter: boolean;
}

const share = { isShare: true, isHigherBetter: true } as const;
const score = { isShare: false, isHigherBetter: true } as const;
const error = { isShare: false, isHigherBetter: false } as const;

/** Those that tell most stand first. */
const KNOWN: readonly MeasureKind[] = [
  { name: 'accuracy', title: 'Accuracy', ...share },
  { name: 'mae', title: 'Mean absolute error', ...error },
  { name: 'rmse', title: 'Root mean squared error', ...error },
  { name: 'balancedAccuracy', title: 'Balanced accuracy', ...share },
  { name: 'macroF1', title: 'Macro F1', ...share },
  { name: 'rocAuc', title: 'Area under the ROC curve', ...score },
  { name: 'cohenKappa', title: 'Cohen’s kappa', ...score },
  { name: 'kappaTemporal', title: 'Kappa over no change', ...score },
  { name: 'r2', title: 'R²', ...score },
  { name: 'logLoss', title: 'Log loss', ...error },
  { name: 'smape', title: 'Symmetric percentage error', ...error },
  { name: 'calibrationError', title: 'Calibration error', ...error },
];

type Measures = Readonly<Record<string, number | null>>;

/**
 * How a measure of this name is read; one that is not known is a plain number. What follows a dot
 * tells over which samples: `accuracy.windowed`.
 */
export function measureKind(name: string): MeasureKind {
  const [base = name, over] = name.split('.');
  const known = KNOWN.find((kind) => kind.name === base) ?? {
    title: inWords(base),
    isShare: false,
    isHigherBetter: false,
  };
  return { ...known, name, title: over ? `${known.title}, ${over}` : known.title };
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
