import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import type { LineStyle, Zoom } from '../draw/line-chart.ts';
import type { Palette } from '../page/palette.ts';
import { lineRange } from '../reduce/cost-range.ts';
import { type MeasureKind, mainMeasure, measureKind, skill } from '../reduce/measures.ts';
import { axisNumber, percent, shortNumber } from '../reduce/number-text.ts';
import { Chart } from './chart.tsx';
import { DataTable } from './data-table.tsx';
import { Figure } from './figure.tsx';
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
      <OtherMeasures view={view} main={kind?.name} />
    </Panel>
  );
}

const textOf = (kind: MeasureKind | undefined, value: number): string =>
  kind?.isShare ? percent(value) : shortNumber(value);

interface ScoreFiguresProps {
  readonly view: View;
  readonly kind: MeasureKind | undefined;
}

function ScoreFigures({ view: { metrics }, kind }: ScoreFiguresProps): JSX.Element {
  const value = (kind && metrics?.metrics[kind.name]) ?? Number.NaN;
  const baseline = (kind && metrics?.baseline[kind.name]) ?? Number.NaN;
  const better = kind ? skill(kind, value, baseline) : Number.NaN;
  return (
    <dl class="figures">
      <Figure
        isLarge
        label="before learning"
        value={kind ? textOf(kind, value) : '–'}
        testId="score"
      />
      <Figure label="no change" value={kind ? textOf(kind, baseline) : '–'} />
      <Figure
        label="errors avoided"
        value={Number.isFinite(better) ? percent(better) : '–'}
        tone={better > 0 ? 'good' : undefined}
      />
    </dl>
  );
}

function ScoreChart(props: ScorePanelProps & { kind: MeasureKind }): JSX.Element {
  const { view, palette, kind, zoom, onZoom } = props;
  const [row, setRow] = useState<number | null>(null);
  const { scoreCurve: curve } = view;
  const y = [curve.value, curve.baseline];
  const data = useMemo(
    () => ({ x: curve.step, y: [curve.value, curve.baseline], markers: [], palette, zoom }),
    [curve, palette, zoom],
  );
  const at = row ?? curve.step.length - 1;
  return (
    <>
      <p class="readout">
        <span class="key overall">score {textOf(kind, curve.value[at] ?? Number.NaN)}</span>
        <span class="key baseline">no change {textOf(kind, curve.baseline[at] ?? Number.NaN)}</span>
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
        summary={`${kind.title}, now ${textOf(kind, curve.value.at(-1) ?? Number.NaN)}`}
      />
    </>
  );
}

function ScoreTable({ view: { scoreCurve: curve } }: { view: View }): JSX.Element {
  const columns = [
    { title: 'Score', values: curve.value },
    { title: 'No change', values: curve.baseline },
  ];
  return <DataTable caption="Score by step" step={curve.step} columns={columns} />;
}

function OtherMeasures(props: { view: View; main: string | undefined }): JSX.Element | null {
  const metrics = props.view.metrics;
  const names = Object.keys(metrics?.metrics ?? {}).filter((name) => name !== props.main);
  if (names.length === 0) return null;
  const text = (name: string, value: number | null | undefined): string =>
    value === undefined || value === null ? '–' : textOf(measureKind(name), value);
  return (
    <table class="measures">
      <thead>
        <tr>
          <th scope="col">Measure</th>
          <th scope="col">Now</th>
          <th scope="col">No change</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row">{measureKind(name).title}</th>
            <td>{text(name, metrics?.metrics[name])}</td>
            <td>{text(name, metrics?.baseline[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
