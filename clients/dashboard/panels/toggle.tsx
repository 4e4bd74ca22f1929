import type { ComponentChildren, JSX } from 'preact';

/** What a toggle is given. */
export interface ToggleProps {
  readonly isOn: boolean;
  readonly onToggle: () => void;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A button that is either pressed or not. */
export function Toggle({ isOn, onToggle, title, children }: ToggleProps): JSX.Element {
  return (
    <button type="button" class="button" aria-pressed={isOn} title={title} onClick={onToggle}>
      {children}
    </button>
  );
}

/** One of a few choices, all of which can be seen. */
export function Choice<Name extends string>(props: {
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  readonly onChoose: (name: Name) => void;
}): JSX.Element {
  const { label, names, chosen, onChoose } = props;
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {names.map((name) => (
        <button
          type="button"
          key={name}
          class="button"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
