import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { View } from '../board/view.ts';
import type { LineStyle, Zoom } from '../draw/line-chart.ts';
import type { Palette } from '../page/palette.ts';
import { costRange } from '../reduce/cost-range.ts';
import { markersOf } from '../reduce/event-markers.ts';
import { shortNumber, wholeNumber } from '../reduce/number-text.ts';
import { Chart } from './chart.tsx';
import { CostFigures } from './cost-figures.tsx';
import { DataTable } from './data-table.tsx';
import { Panel, Waiting } from './panel.tsx';
import { Choice, Toggle } from './toggle.tsx';

/** What the cost panel is given. */
export interface CostPanelProps {
  readonly view: View;
  readonly palette: Palette;
  readonly scale: 'log' | 'linear';
  readonly onScale: (scale: 'log' | 'linear') => void;
  readonly zoom: Zoom | null;
  readonly onZoom: (zoom: Zoom | null) => void;
}

const LINES: readonly LineStyle[] = [
  { label: 'Largest J', colour: ({ band }) => band, isBandEdge: true },
  { label: 'Least J', colour: ({ band }) => band, isBandEdge: true },
  { label: 'Recent', colour: ({ secondary }) => secondary, width: 1.5 },
  { label: 'Overall', colour: ({ primary }) => primary, width: 2.5 },
];

/** J_total: overall and recent mean as numbers and as curves. */
export function CostPanel(props: CostPanelProps): JSX.Element {
  const { view, scale, onScale, zoom, onZoom } = props;
  const [hasTable, setTable] = useState(false);
  const tools = (
    <>
      <button type="button" class="button" disabled={!zoom} onClick={() => onZoom(null)}>
        Whole run
      </button>
      <Choice label="Scale" names={['log', 'linear']} chosen={scale} onChoose={onScale} />
      <Toggle isOn={hasTable} onToggle={() => setTable(!hasTable)}>
        Data
      </Toggle>
    </>
  );
  return (
    <Panel id="cost" title={<CostTitle />} tools={tools}>
      <CostFigures cost={view.cost} />
      {view.costCurve.step.length > 0 ? (
        <CostChart {...props} />
      ) : (
        <Waiting what="the first cost" />
      )}
      {hasTable && <CostTable view={view} />}
    </Panel>
  );
}

function CostTitle(): JSX.Element {
  return (
    <>
      Total cost{' '}
      <span class="symbol">
        J<sub>total</sub>
      </span>
    </>
  );
}

function CostChart({ view, palette, scale, zoom, onZoom }: CostPanelProps): JSX.Element {
  const [row, setRow] = useState<number | null>(null);
  const { costCurve: curve, events } = view;
  const isLog = scale === 'log';
  const data = useMemo(
    () => ({
      x: curve.step,
      y: [curve.high, curve.low, curve.recent, curve.overall],
      markers: markersOf(events, curve),
      palette,
      zoom,
    }),
    [curve, events, palette, zoom],
  );
  return (
    <>
      <CostReadout view={view} row={row} />
      <Chart
        lines={LINES}
        isLog={isLog}
        minHeight={300}
        data={data}
        row={row}
        onRow={setRow}
        onZoom={onZoom}
        summary={costSummary(view)}
        range={(rows) =>
          costRange({ lines: [curve.overall, curve.recent], high: curve.high }, { ...rows, isLog })
        }
      />
    </>
  );
}

function CostReadout({ view, row }: { view: View; row: number | null }): JSX.Element {
  const { costCurve: curve } = view;
  const at = row ?? curve.step.length - 1;
  const value = (column: Float64Array): string => shortNumber(column[at] ?? Number.NaN);
  return (
    <p class="readout">
      <span class="key overall">overall {value(curve.overall)}</span>
      <span class="key recent">recent {value(curve.recent)}</span>
      <span class="key band">
        J {value(curve.low)} to {value(curve.high)}
      </span>
      <span>at step {wholeNumber(curve.step[at] ?? 0)}</span>
    </p>
  );
}

function CostTable({ view: { costCurve: curve } }: { view: View }): JSX.Element {
  const columns = [
    { title: 'Overall', values: curve.overall },
    { title: 'Recent', values: curve.recent },
    { title: 'Least J', values: curve.low },
    { title: 'Largest J', values: curve.high },
    { title: 'Not finite', values: curve.nonFinite },
  ];
  return <DataTable caption="Cost by step" step={curve.step} columns={columns} />;
}

function costSummary({ costCurve: curve }: View): string {
  const [first, last] = [curve.overall[0] ?? Number.NaN, curve.overall.at(-1) ?? Number.NaN];
  const steps = wholeNumber(curve.step.at(-1) ?? 0);
  return `Total cost over ${steps} samples: from ${shortNumber(first)} to ${shortNumber(last)}`;
}
