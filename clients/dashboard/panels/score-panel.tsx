import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import type { LineStyle, Zoom } from '../draw/line-chart.ts';
import type { Palette } from '../page/palette.ts';
import { lineRange } from '../reduce/cost-range.ts';
import { recentName } from '../reduce/measure-table.ts';
import { type MeasureKind, mainMeasure, skill } from '../reduce/measures.ts';
import { axisNumber, measureText } from '../reduce/number-text.ts';
import { Chart } from './chart.tsx';
import { DataTable } from './data-table.tsx';
import { Figure } from './figure.tsx';
import { MeasuresTable } from './measures-table.tsx';
import { Panel, Waiting } from './panel.tsx';
import { Toggle } from './toggle.tsx';

/** What the score panel is given. */
export interface ScorePanelProps {
  readonly view: View;
  readonly palette: Palette;
  readonly zoom: Zoom | null;
  readonly onZoom: (zoom: Zoom | null) => void;
}

const LINES: readonly LineStyle[] = [
  { label: 'Score', colour: ({ primary }) => primary, width: 2.5 },
  { label: 'Recent', colour: ({ secondary }) => secondary, width: 1.5 },
  { label: 'No change', colour: ({ muted }) => muted, width: 1.5, dash: [5, 4] },
];

/** How good the predictions are, beside "as last time", which every learner must beat. */
export function ScorePanel(props: ScorePanelProps): JSX.Element {
  const { view } = props;
  const [hasTable, setTable] = useState(false);
  const kind = view.metrics && mainMeasure(view.metrics.metrics);
  const tools = (
    <Toggle isOn={hasTable} onToggle={() => setTable(!hasTable)}>
      Data
    </Toggle>
  );
  return (
    <Panel id="score" title={kind?.title ?? 'Score'} tools={tools}>
      <ScoreFigures view={view} kind={kind} />
      {kind && view.scoreCurve.step.length > 0 ? (
        <ScoreChart {...props} kind={kind} />
      ) : (
        <Waiting what="the first score" />
      )}
      {hasTable && <ScoreTable view={view} />}
      {view.metrics && <MeasuresTable metrics={view.metrics} />}
    </Panel>
  );
}

interface ScoreFiguresProps {
  readonly view: View;
  readonly kind: MeasureKind | undefined;
}

function ScoreFigures({ view: { metrics }, kind }: ScoreFiguresProps): JSX.Element {
  const value = kind && metrics?.metrics[kind.name];
  const recent = kind && metrics?.metrics[recentName(kind.name)];
  const baseline = kind && metrics?.baseline[kind.name];
  const better = kind ? skill(kind, value ?? Number.NaN, baseline ?? Number.NaN) : Number.NaN;
  const text = (measure: number | null | undefined): string =>
    kind ? measureText(measure, kind) : '–';
  return (
    <dl class="figures">
      <Figure
        isLarge
        label="overall, each predicted before it is learned"
        value={text(value)}
        testId="score"
      />
      <Figure label="recent" value={text(recent)} tone="recent" />
      <Figure label="no change" value={text(baseline)} />
      <Figure
        label="errors avoided"
        value={measureText(better, { isShare: true })}
        tone={better > 0 ? 'good' : undefined}
      />
    </dl>
  );
}

function ScoreChart(props: ScorePanelProps & { kind: MeasureKind }): JSX.Element {
  const { view, palette, kind, zoom, onZoom } = props;
  const [row, setRow] = useState<number | null>(null);
  const { scoreCurve: curve } = view;
  const y = [curve.value, curve.recent, curve.baseline];
  const data = useMemo(
    () => ({
      x: curve.step,
      y: [curve.value, curve.recent, curve.baseline],
      markers: [],
      palette,
      zoom,
    }),
    [curve, palette, zoom],
  );
  const at = row ?? curve.step.length - 1;
  return (
    <>
      <p class="readout">
        <span class="key overall">overall {measureText(curve.value[at], kind)}</span>
        <span class="key recent">recent {measureText(curve.recent[at], kind)}</span>
        <span class="key baseline">no change {measureText(curve.baseline[at], kind)}</span>
      </p>
      <Chart
        lines={LINES}
        isLog={false}
        minHeight={220}
        data={data}
        row={row}
        onRow={setRow}
        onZoom={onZoom}
        yText={(value) => (kind.isShare ? `${Math.round(value * 100)}\u202f%` : axisNumber(value))}
        range={(rows) => (kind.isShare ? [0, 1] : lineRange(y, rows))}
        summary={`${kind.title}, now ${measureText(curve.value.at(-1) ?? Number.NaN, kind)}`}
      />
    </>
  );
}

function ScoreTable({ view: { scoreCurve: curve } }: { view: View }): JSX.Element {
  const columns = [
    { title: 'Overall', values: curve.value },
    { title: 'Recent', values: curve.recent },
    { title: 'No change', values: curve.baseline },
  ];
  return <DataTable caption="Score by step" step={curve.step} columns={columns} />;
}
