import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { stops } from './stops.ts';

/** A walk over the page in eight stops. It can be left at any time. */
export function Tour({ onEnd }: { onEnd: () => void }): JSX.Element {
  const [at, setAt] = useState(0);
  const card = useRef<HTMLElement>(null);
  const stop = stops[at]!;
  useEffect(() => {
    const part = document.querySelector(stop.at);
    part?.classList.add('toured');
    part?.scrollIntoView({ block: 'center', behavior: isCalm() ? 'auto' : 'smooth' });
    return () => part?.classList.remove('toured');
  }, [stop]);
  useEffect(() => card.current?.focus(), [at]);
  return (
    <aside
      class="tour"
      ref={card}
      tabIndex={-1}
      aria-label={`Tour, stop ${at + 1} of ${stops.length}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEnd();
      }}
    >
      <p class="where">
        {at + 1} of {stops.length}
      </p>
      <h2>{stop.title}</h2>
      <p>{stop.text}</p>
      <div class="tools">
        <button type="button" class="button" disabled={at === 0} onClick={() => setAt(at - 1)}>
          Back
        </button>
        {at + 1 < stops.length ? (
          <button type="button" class="button primary" onClick={() => setAt(at + 1)}>
            Next
          </button>
        ) : (
          <button type="button" class="button primary" onClick={onEnd}>
            Done
          </button>
        )}
        <button type="button" class="button" onClick={onEnd}>
          Leave the tour
        </button>
      </div>
    </aside>
  );
}

const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
