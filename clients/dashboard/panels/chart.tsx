import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import {
  LineChart,
  type LineChartData,
  type LineChartOptions,
  type Zoom,
} from '../draw/line-chart.ts';

/** What a chart on the page is given. */
export interface ChartProps extends Omit<LineChartOptions, 'onCursor'> {
  /** In pixels; a panel that is higher lets its chart grow. */
  readonly minHeight: number;
  /** What a reader who cannot see the chart is told. */
  readonly summary: string;
  readonly data: LineChartData;
  readonly row: number | null;
  readonly onRow: (row: number | null) => void;
}

/**
 * A chart that can be focused: arrows move the cursor, + and − zoom, 0 shows everything. The
 * options are read anew when `isLog` or the number of lines changes.
 */
export function Chart(props: ChartProps): JSX.Element {
  const { data, isLog, lines, minHeight, summary, onRow } = props;
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<LineChart>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!element.current) return;
    const made = new LineChart(element.current, optionsFrom(latest), latest.current.data);
    chart.current = made;
    const size = new ResizeObserver(([entry]) => {
      if (entry) {
        const { width, height } = entry.contentRect;
        made.resize(Math.floor(width), Math.floor(height));
      }
    });
    size.observe(element.current);
    return () => {
      size.disconnect();
      made.destroy();
    };
  }, [isLog, lines.length]);

  useEffect(() => chart.current?.show(data), [data]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for inputs, this is a picture.
    <div
      ref={element}
      class="chart"
      role="group"
      aria-roledescription="chart"
      aria-label={summary}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor is moved with the arrow keys.
      tabIndex={0}
      style={{ minHeight: `${minHeight}px` }}
      onKeyDown={(event) => {
        if (handleKey(event, latest.current, chart.current)) event.preventDefault();
      }}
      onBlur={() => onRow(null)}
    />
  );
}

/** Callbacks look at the newest props, so a chart need not be made again when they change. */
function optionsFrom(latest: { readonly current: ChartProps }): LineChartOptions {
  const { lines, isLog, xText, yText } = latest.current;
  return {
    lines,
    isLog,
    ...(xText && { xText }),
    ...(yText && { yText }),
    range: (rows) => latest.current.range(rows),
    onZoom: (zoom) => latest.current.onZoom(zoom),
    onCursor: (row) => latest.current.onRow(row),
  };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Infinity,
};

function handleKey(event: KeyboardEvent, props: ChartProps, chart: LineChart | null): boolean {
  const { data, row, onZoom } = props;
  const last = data.x.length - 1;
  const step = STEPS[event.key];
  if (step !== undefined) {
    const target = (row ?? last) + step * (event.shiftKey ? 10 : 1);
    chart?.pointAt(Math.max(0, Math.min(last, target)));
    return true;
  }
  if (event.key === '+' || event.key === '=') onZoom(zoomed(props, 0.5));
  else if (event.key === '-') onZoom(zoomed(props, 2));
  else return false;
  return true;
}

/** The visible part made narrower or wider around the cursor; everything again when it fits. */
function zoomed({ data, row }: ChartProps, factor: number): Zoom | null {
  const [from, to] = [data.x[0] ?? 0, data.x.at(-1) ?? 1];
  const { min, max } = data.zoom ?? { min: from, max: to };
  const middle = row === null ? (min + max) / 2 : (data.x[row] ?? max);
  const half = ((max - min) * factor) / 2;
  if (half * 2 >= to - from) return null;
  return { min: Math.max(from, middle - half), max: Math.min(to, middle + half) };
}
