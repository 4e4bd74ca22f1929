import type { ComponentChildren, JSX } from 'preact';

/** What a panel is given. */
export interface PanelProps {
  readonly id: string;
  readonly title: ComponentChildren;
  /** Buttons that belong to the panel, beside its title. */
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page with a heading of its own. */
export function Panel({ id, title, tools, children }: PanelProps): JSX.Element {
  return (
    <section class={`panel ${id}`} aria-labelledby={`${id}-title`}>
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        <div class="tools">{tools}</div>
      </header>
      {children}
    </section>
  );
}

/** What is shown where nothing has come yet. */
export function Waiting({ what }: { what: string }): JSX.Element {
  return <p class="waiting">Waiting for {what} …</p>;
}
