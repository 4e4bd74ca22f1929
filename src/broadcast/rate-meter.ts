/** How fast a count grows, over about the last two seconds. */
export class RateMeter {
  readonly #marks: { readonly at: number; readonly count: number }[] = [];

  /** Takes the count as it is now, and returns how many a second it grew by. */
  update(at: number, count: number): number {
    const marks = this.#marks;
    if (marks.length > 0 && count < marks.at(-1)!.count) marks.length = 0;
    if (marks.length === 0 || at - marks.at(-1)!.at >= 100) marks.push({ at, count });
    while (marks.length > 2 && at - marks[1]!.at >= 2_000) marks.shift();
    const first = marks[0]!;
    return at > first.at ? ((count - first.count) / (at - first.at)) * 1000 : 0;
  }
}
