import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import { type Happening, happenings } from '../reduce/happenings.ts';
import { wholeNumber } from '../reduce/number-text.ts';
import { Panel } from './panel.tsx';

/** What the events panel is given. */
export interface EventsPanelProps {
  readonly view: View;
  /** Shows the cost around a step. */
  readonly onJump: (step: number) => void;
}

const SIGNS: Readonly<Record<Happening['kind'], string>> = {
  drift: '≈',
  checkpoint: '⚑',
  epoch: '↻',
  error: '✗',
  config: '⚙',
  rollback: '↶',
  mix: '⊕',
  overload: '≫',
  rejected: '∅',
};

const SHOWN = 100;

/** What happened: drifts, checkpoints, errors, refused samples; newest first. */
export function EventsPanel({ view, onJump }: EventsPanelProps): JSX.Element {
  const [filter, setFilter] = useState('all');
  const { events, rejections, metrics } = view;
  const earlier = earlierText(events, rejections.length === 0 ? (metrics?.rejected ?? 0) : 0);
  const all = useMemo(() => happenings(events, rejections), [events, rejections]);
  const kinds = [...new Set(all.map(({ kind }) => kind))];
  const shown = all.filter(({ kind }) => filter === 'all' || kind === filter).slice(0, SHOWN);
  const picker = (
    <label class="picker">
      Show{' '}
      <select value={filter} onChange={(event) => setFilter(event.currentTarget.value)}>
        {['all', ...kinds].map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel id="events" title="Events" tools={picker}>
      {shown.length === 0 ? (
        <p class="waiting">
          {earlier ?? 'Nothing has happened yet: no drift, no error, no refused sample.'}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <ol class="events-list" tabIndex={0} aria-label="Events, newest first">
          {shown.map((happening) => (
            <Entry key={happening.key} happening={happening} onJump={onJump} />
          ))}
          {filter === 'all' && earlier && <li class="event earlier">{earlier}</li>}
        </ol>
      )}
    </Panel>
  );
}

/** What is counted and no longer listed; undefined where all is listed. */
export function earlierText(events: View['events'], rejected: number): string | undefined {
  const before = Math.max(0, (events[0]?.seq ?? 1) - 1);
  const parts = [
    ...(before > 0 ? [`${wholeNumber(before)} earlier ${before === 1 ? 'event' : 'events'}`] : []),
    ...(rejected > 0
      ? [`${wholeNumber(rejected)} refused ${rejected === 1 ? 'sample' : 'samples'}`]
      : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join(' and ')} no longer listed`;
}

function Entry(props: { happening: Happening; onJump: EventsPanelProps['onJump'] }): JSX.Element {
  const { kind, at, step, text } = props.happening;
  return (
    <li class={`event ${kind}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <span class="event-text">
        <b>{kind}</b> {text}
        <span class="event-place">
          <time dateTime={new Date(at).toISOString()}>{new Date(at).toLocaleTimeString()}</time>
          {step !== undefined && (
            <button type="button" class="link" onClick={() => props.onJump(step)}>
              step {wholeNumber(step)}
            </button>
          )}
        </span>
      </span>
    </li>
  );
}
