/** One answered question: which class it was, and which one was said. */
export interface Answer {
  readonly truth: string;
  readonly said: string;
}

/** How often each class was taken for each other one. */
export interface Confusion {
  readonly classes: readonly string[];
  /** counts[truth][said], in the order of the classes. */
  readonly counts: readonly (readonly number[])[];
  readonly total: number;
  readonly right: number;
  /** The largest count off the diagonal, at least 1: the strongest colour of a mistake. */
  readonly worst: number;
}

/** Counts answers into a square of classes, in natural order: 2 before 10. */
export function confusionOf(
  answers: readonly Answer[],
  classes: readonly string[] = [],
): Confusion {
  const names = inOrder([...classes, ...answers.flatMap(({ truth, said }) => [truth, said])]);
  const indexes = new Map(names.map((name, index) => [name, index]));
  const counts = names.map(() => names.map(() => 0));
  for (const { truth, said } of answers) {
    const row = counts[indexes.get(truth) ?? 0] ?? [];
    const column = indexes.get(said) ?? 0;
    row[column] = (row[column] ?? 0) + 1;
  }
  const right = counts.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  const mistakes = counts.flatMap((row, truth) => row.filter((_, said) => said !== truth));
  return { classes: names, counts, total: answers.length, right, worst: Math.max(1, ...mistakes) };
}

/** The pairs that are mixed up most, most frequent first. */
export function mixUps(confusion: Confusion, limit = 3): readonly (Answer & { count: number })[] {
  const { classes, counts } = confusion;
  return counts
    .flatMap((row, truth) =>
      row.map((count, said) => ({ truth: classes[truth] ?? '', said: classes[said] ?? '', count })),
    )
    .filter(({ truth, said, count }) => truth !== said && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
}

function inOrder(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The index of the largest number; −1 of none. */
export function largestIndex(values: ArrayLike<number>): number {
  let best = values.length > 0 ? 0 : -1;
  for (let index = 1; index < values.length; index += 1) {
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  }
  return best;
}
