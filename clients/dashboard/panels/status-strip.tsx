import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Link, ModelFacts, View } from '../board/view.ts';
import { ageText, shortNumber, wholeNumber } from '../reduce/number-text.ts';

/** What the status strip is given. */
export interface StatusStripProps {
  readonly view: View;
  readonly isPaused: boolean;
  /** Samples learned since the view was paused. */
  readonly behind: () => number;
  /** The age of what is seen, at this moment. */
  readonly age: () => number;
  readonly onPause: () => void;
  readonly theme: 'system' | 'light' | 'dark';
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

const TICK_MS = 250;

/** A stream that has brought nothing for so long is called silent, in ms. */
const SILENT_MS = 10_000;

/** Always in sight: whether the page is connected, and how old what it shows is. */
export function StatusStrip(props: StatusStripProps): JSX.Element {
  const { view, isPaused, behind } = props;
  const now = useClock();
  const age = props.age();
  const isLearning = view.model?.ended === undefined && !(age > SILENT_MS);
  return (
    <header class="strip">
      <h1>
        <img src="./icon.svg" alt="" width="28" height="28" />
        Rivulet
        {view.model && <span class="model-name">{view.model.source || view.model.name}</span>}
      </h1>
      <LinkState link={view.link} now={now} stream={streamText(view.model, age)} />
      <dl class="facts">
        <Fact label="step" value={wholeNumber(view.step)} width={9} testId="step" />
        <Fact
          label="samples/s"
          value={view.metrics && isLearning ? shortNumber(view.metrics.samplesPerSecond) : '–'}
          width={7}
        />
        <Fact
          label={isPaused ? 'behind' : 'age'}
          value={isPaused ? wholeNumber(behind()) : ageText(age)}
          width={8}
        />
        <Fact label="viewers" value={wholeNumber(view.metrics?.viewers ?? 1)} width={6} />
        <Fact label="epoch" value={view.model?.epoch.slice(-6) ?? '–'} width={6} />
      </dl>
      <StripButtons {...props} />
    </header>
  );
}

function StripButtons(props: StatusStripProps): JSX.Element {
  const { isPaused, onPause, theme, onTheme, onHelp } = props;
  return (
    <div class="tools">
      <button type="button" class="button" aria-pressed={isPaused} onClick={onPause}>
        <span aria-hidden="true">{isPaused ? '▶' : '❚❚'}</span> {isPaused ? 'Resume' : 'Pause'} view
      </button>
      <button type="button" class="button" onClick={onTheme}>
        <span aria-hidden="true">◐</span> Theme: {theme}
      </button>
      <button type="button" class="button" aria-label="Help and options" onClick={onHelp}>
        ?
      </button>
    </div>
  );
}

interface FactProps {
  readonly label: string;
  readonly value: string;
  /** Room in characters, so that nothing moves when the number does. */
  readonly width: number;
  readonly testId?: string;
}

function Fact({ label, value, width, testId }: FactProps): JSX.Element {
  return (
    <div style={{ minWidth: `${width}ch` }}>
      <dt>{label}</dt>
      <dd data-testid={testId}>{value}</dd>
    </div>
  );
}

/** What stands in the place of "Live" where nothing is learned; undefined where it is, or may be at once. */
export function streamText(model: ModelFacts | undefined, ageMs: number): string | undefined {
  if (model?.isFrozen) return 'Frozen: it predicts, and does not learn';
  if (model?.ended !== undefined) return model.ended[0]!.toUpperCase() + model.ended.slice(1);
  return ageMs > SILENT_MS ? `No sample for ${durationText(ageMs)}` : undefined;
}

function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

interface LinkStateProps {
  readonly link: Link;
  readonly now: number;
  readonly stream: string | undefined;
}

function LinkState({ link, now, stream }: LinkStateProps): JSX.Element {
  return (
    <p class={`link-state ${link.kind}`} role="status" data-testid="connection">
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d={SHAPES[link.kind]} />
      </svg>
      {link.kind === 'live' && stream !== undefined ? stream : linkText(link, now)}
    </p>
  );
}

/** A filled circle, a ring, a triangle, a cross: told apart without colour. */
const SHAPES: Readonly<Record<Link['kind'], string>> = {
  live: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  connecting: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM6 3.500a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z',
  waiting: 'M6 1L11.5 11H.5z',
  stopped: 'M2 1L6 5L10 1L11 2L7 6L11 10L10 11L6 7L2 11L1 10L5 6L1 2z',
};

function linkText(link: Link, now: number): string {
  if (link.kind === 'live') return 'Live';
  if (link.kind === 'connecting') return 'Connecting …';
  if (link.kind === 'stopped') return `Stopped: ${link.reason}`;
  const seconds = Math.max(0, Math.ceil((link.retryAt - now) / 1_000));
  return `${link.reason}; trying again ${seconds > 0 ? `in ${seconds} s` : 'now'}`;
}

function useClock(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
