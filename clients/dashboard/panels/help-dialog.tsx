import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Preferences } from '../page/preferences.ts';

/** What the help dialog is given. */
export interface HelpDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly preferences: Preferences;
  readonly onPreferences: (change: Partial<Preferences>) => void;
}

const KEYS: readonly (readonly [string, string])[] = [
  ['P', 'pause or resume the view; the training goes on'],
  ['L', 'cost on a logarithmic or a linear scale'],
  ['0', 'show the whole run again'],
  ['F', 'show the newest tenth of the run, and follow it'],
  ['T', 'theme: system, light, dark'],
  ['?', 'this help'],
  ['← →', 'in a chart: move the cursor (Shift: by ten)'],
  ['+ −', 'in a chart: zoom around the cursor'],
  ['← → ↑ ↓', 'in a heat map: pick a weight'],
];

/** Keys and options. */
export function HelpDialog(props: HelpDialogProps): JSX.Element {
  const { isOpen, onClose, preferences, onPreferences } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="help-title">
      <h2 id="help-title">Keys and options</h2>
      <dl class="keys">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>Drag across a chart to zoom; double-click to see everything again.</p>
      <p>
        <a class="link" href="./lesson/">
          The lesson
        </a>{' '}
        shows how a network learns, one sample at a time.
      </p>
      <Option
        isOn={preferences.hasShortcuts}
        onChange={(hasShortcuts) => onPreferences({ hasShortcuts })}
      >
        Single keys are commands
      </Option>
      <Option isOn={preferences.isSpoken} onChange={(isSpoken) => onPreferences({ isSpoken })}>
        Tell screen readers the state every few seconds
      </Option>
      <button type="button" class="button" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}

interface OptionProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: string;
}

function Option({ isOn, onChange, children }: OptionProps): JSX.Element {
  return (
    <label class="option">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {children}
    </label>
  );
}
