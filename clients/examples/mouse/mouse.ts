// A page that learns from the mouse, with no server at all: where will it be in a quarter of a second?
//
//   npx vite clients/examples/mouse

import { type Example, fromEventTarget, mae, Pipeline, singleNetwork } from 'rivulet';
import { Subject } from 'rxjs';

const aheadMs = 250;

interface Point {
  readonly at: number;
  readonly x: number;
  readonly y: number;
}

/** One network for each axis: from the last moves it tells how far the next ones will go. */
const makePipeline = (): { pipeline: Pipeline; examples: Subject<Example> } => {
  const learner = singleNetwork({ task: 'regression', inputCount: 4, outputCount: 1 });
  const pipeline = new Pipeline({ task: 'regression', learner, metrics: { mae: mae() } });
  const examples = new Subject<Example>();
  pipeline.run(examples).subscribe();
  return { pipeline, examples };
};

const axes = { x: makePipeline(), y: makePipeline() };
const past: Point[] = [];

/** How the mouse has moved, as far as it is seen at a place in the past. */
const featuresAt = (index: number): Example['features'] => {
  const [now, before, earlier] = [0, 2, 6].map((back) => past[Math.max(0, index - back)]!);
  const [dx, dy] = [now!.x - before!.x, now!.y - before!.y];
  return { dx, dy, longDx: now!.x - earlier!.x, longDy: now!.y - earlier!.y };
};

const guess = document.querySelector<HTMLElement>('#guess')!;
const told = document.querySelector<HTMLElement>('#told')!;

const toPoint = ({ timeStamp: at, clientX: x, clientY: y }: PointerEvent): Point => ({ at, x, y });

fromEventTarget(document, 'pointermove', toPoint).subscribe((now) => {
  past.push(now);
  if (past.length > 400) past.shift();
  const then = past.findLastIndex(({ at }) => at <= now.at - aheadMs);
  for (const axis of ['x', 'y'] as const) {
    const { pipeline, examples } = axes[axis];
    const old = past[then];
    if (old) examples.next({ features: featuresAt(then), target: now[axis] - old[axis] });
    const [move = 0] = pipeline.predict({ features: featuresAt(past.length - 1) });
    guess.style[axis === 'x' ? 'left' : 'top'] = `${now[axis] + move}px`;
  }
  told.textContent = `${axes.x.pipeline.step} moves learned.`;
});
