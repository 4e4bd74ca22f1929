import { useEffect, useRef, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import { paced } from './paced.ts';

/** What a view is taken from. */
export interface ViewSource {
  view(): View;
  /** Calls back at every change; returns how to stop that. */
  listen(changed: () => void): () => void;
}

/** The present view, renewed at most once a frame; while paused, the one when it was paused. */
export function useView(source: ViewSource, isPaused: boolean): View {
  const [view, setView] = useState(() => source.view());
  const isHeld = useRef(isPaused);
  isHeld.current = isPaused;
  useEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    const draw = paced(
      () => {
        const { link, ...rest } = source.view();
        // Whether there is a connection is told also while the rest stands still.
        setView((held) => (isHeld.current ? withLink(held, link) : { ...rest, link }));
      },
      {
        nextFrame: (callback) => requestAnimationFrame(callback),
        later: (callback, ms) => setTimeout(callback, ms),
        now: () => performance.now(),
        isCalm: () => calm.matches,
      },
    );
    if (!isPaused) draw();
    return source.listen(draw);
  }, [source, isPaused]);
  return view;
}

function withLink(view: View, link: View['link']): View {
  return view.link === link ? view : { ...view, link };
}
