import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PredictionItem } from '../../../src/client/index.ts';
import type { LineStyle, Zoom } from '../draw/line-chart.ts';
import type { Palette } from '../page/palette.ts';
import { type Traces, tracesOf } from '../reduce/answers.ts';
import { lineRange } from '../reduce/cost-range.ts';
import { shortNumber, wholeNumber } from '../reduce/number-text.ts';
import { Chart } from './chart.tsx';
import { DataTable } from './data-table.tsx';
import { Panel } from './panel.tsx';
import { Toggle } from './toggle.tsx';

const TRACES: readonly LineStyle[] = [
  { label: 'Truth', colour: ({ ink }) => ink, width: 1.5, dash: [4, 3] },
  { label: 'Prediction', colour: ({ primary }) => primary, width: 2 },
];

const RESIDUAL: readonly LineStyle[] = [
  { label: 'Residual', colour: ({ secondary }) => secondary, width: 1.5 },
];

/** What the panel is given. */
export interface RegressionTracesProps {
  readonly items: readonly PredictionItem[];
  readonly palette: Palette;
}

/** Truth and prediction as two lines, and the difference below. */
export function RegressionTraces({ items, palette }: RegressionTracesProps): JSX.Element {
  const [row, setRow] = useState<number | null>(null);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [hasTable, setTable] = useState(false);
  const traces = useMemo(() => tracesOf(items), [items]);
  const residual = useMemo(() => residualOf(traces), [traces]);
  const x = useMemo(() => Float64Array.from(traces.step.keys()), [traces]);
  const shared = { x, markers: [], palette, zoom };
  const main = useMemo(
    () => ({ ...shared, y: [traces.truth, traces.prediction] }),
    [x, traces, palette, zoom],
  );
  const below = useMemo(() => ({ ...shared, y: [residual] }), [x, residual, palette, zoom]);
  const chart = { isLog: false, row, onRow: setRow, onZoom: setZoom } as const;
  const tools = (
    <Toggle isOn={hasTable} onToggle={() => setTable(!hasTable)}>
      Data
    </Toggle>
  );
  return (
    <Panel id="predictions" title="Prediction and truth" tools={tools}>
      <TraceReadout traces={traces} row={row} />
      <Chart
        {...chart}
        lines={TRACES}
        minHeight={220}
        data={main}
        range={(rows) => lineRange([traces.truth, traces.prediction], rows)}
        xText={(row) => wholeNumber(row + 1)}
        summary={`The last ${traces.step.length} predictions beside the truth`}
      />
      <Chart
        {...chart}
        lines={RESIDUAL}
        minHeight={110}
        data={below}
        range={(rows) => symmetric(lineRange([residual], rows))}
        xText={(row) => wholeNumber(row + 1)}
        summary="Prediction minus truth"
      />
      {hasTable && <TraceTable traces={traces} />}
    </Panel>
  );
}

function residualOf({ truth, prediction }: Traces): Float64Array {
  return truth.map((value, row) => (prediction[row] ?? Number.NaN) - value);
}

function symmetric([low, high]: readonly [number, number]): [number, number] {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return [-largest, largest];
}

function TraceReadout({ traces, row }: { traces: Traces; row: number | null }): JSX.Element {
  const at = row ?? traces.step.length - 1;
  const [truth, prediction] = [traces.truth[at] ?? NaN, traces.prediction[at] ?? NaN];
  return (
    <p class="readout">
      <span class="key truth">truth {shortNumber(truth)}</span>
      <span class="key overall">predicted {shortNumber(prediction)}</span>
      <span class="key recent">off by {shortNumber(prediction - truth)}</span>
      <span>at step {wholeNumber(traces.step[at] ?? 0)}</span>
    </p>
  );
}

function TraceTable({ traces }: { traces: Traces }): JSX.Element {
  const columns = [
    { title: 'Truth', values: traces.truth },
    { title: 'Prediction', values: traces.prediction },
  ];
  return <DataTable caption="Predictions by step" step={traces.step} columns={columns} />;
}
