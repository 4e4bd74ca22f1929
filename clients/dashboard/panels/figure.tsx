import type { JSX } from 'preact';

/** What a figure is given. */
export interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly isLarge?: boolean;
  readonly tone?: 'recent' | 'alarm' | 'good' | undefined;
  readonly testId?: string;
}

/** One number with what it means, as an entry of a list of figures. */
export function Figure({ label, value, isLarge, tone, testId }: FigureProps): JSX.Element {
  return (
    <div class={`figure ${isLarge ? 'large' : ''}`}>
      <dt>{label}</dt>
      <dd class={tone ?? ''} data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}
