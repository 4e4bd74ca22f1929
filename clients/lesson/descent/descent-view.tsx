import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Controls } from './controls.tsx';
import { type DescentSettings, descend } from './descent-problem.ts';
import { type Preset, presets } from './presets.ts';
import { Way } from './way.tsx';

/** Gradient descent to play with, in one dimension or two. */
export function DescentView(): JSX.Element {
  const [dimensions, setDimensions] = useState(1);
  return (
    <div class="descent">
      <fieldset class="choice">
        <legend class="unseen">Dimensions</legend>
        {['one dimension', 'two dimensions'].map((title, index) => (
          <button
            key={title}
            type="button"
            class="button"
            aria-pressed={dimensions === index + 1}
            onClick={() => setDimensions(index + 1)}
          >
            {title}
          </button>
        ))}
      </fieldset>
      <Playground key={dimensions} presets={presets[dimensions - 1]!} />
    </div>
  );
}

function Playground({ presets: choices }: { presets: readonly Preset[] }): JSX.Element {
  const [settings, set] = useState<DescentSettings>(choices[0]!);
  const change = (part: Partial<DescentSettings>): void => set({ ...settings, ...part });
  const descent = useMemo(() => descend(settings), [settings]);
  return (
    <section class="card" aria-labelledby="descent-title">
      <h2 id="descent-title">Gradient descent</h2>
      <p>
        A ball rolls downhill: each step goes against the slope, as far as the step size α says. A
        network learns in the same way, with all of its weights as the position and J as the height.
      </p>
      <Controls choices={choices} settings={settings} onChange={change} onChoose={set} />
      {'error' in descent ? (
        <p class="error" role="alert">
          {descent.error}
        </p>
      ) : (
        <Way key={JSON.stringify(settings)} descent={descent} settings={settings} />
      )}
    </section>
  );
}
