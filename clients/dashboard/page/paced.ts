/** What a paced drawing needs of a browser. */
export interface Pacing {
  readonly nextFrame: (callback: () => void) => void;
  readonly later: (callback: () => void, ms: number) => void;
  readonly now: () => number;
  /** Whether to draw no more than four times a second. */
  readonly isCalm: () => boolean;
}

const CALM_MS = 250;

/**
 * Turns any number of requests into at most one drawing per animation frame; hidden pages get no
 * frames, so they draw nothing. Those who prefer less motion get four drawings a second.
 */
export function paced(draw: () => void, { nextFrame, later, now, isCalm }: Pacing): () => void {
  let isAsked = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const drawNow = (): void => {
    isAsked = false;
    drawnAt = now();
    draw();
  };
  return () => {
    if (isAsked) return;
    isAsked = true;
    const wait = isCalm() ? drawnAt + CALM_MS - now() : 0;
    if (wait > 0) later(() => nextFrame(drawNow), wait);
    else nextFrame(drawNow);
  };
}
