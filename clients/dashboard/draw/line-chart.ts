import uPlot from 'uplot';
import type { Palette } from '../page/palette.ts';
import { logSplits } from '../reduce/log-splits.ts';
import { axisNumber, wholeNumber } from '../reduce/number-text.ts';
import { drawMarkers, type Marker } from './markers.ts';

/** A part of the x axis. */
export interface Zoom {
  readonly min: number;
  readonly max: number;
}

/** One line, or one edge of a band. */
export interface LineStyle {
  readonly label: string;
  readonly colour: (palette: Palette) => string;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** Edges of the band: the upper one first. They are not drawn, the room between them is. */
  readonly isBandEdge?: boolean;
}

/** What a chart is made with; to change any of it, make another. */
export interface LineChartOptions {
  readonly lines: readonly LineStyle[];
  readonly isLog: boolean;
  /** Lowest and highest y to show of the rows from `first` to `last`. */
  readonly range: (rows: { first: number; last: number }) => readonly [number, number];
  readonly xText?: (value: number) => string;
  readonly yText?: (value: number) => string;
  readonly onZoom: (zoom: Zoom | null) => void;
  readonly onCursor: (row: number | null) => void;
}

/** What a chart shows. */
export interface LineChartData {
  readonly x: Float64Array;
  readonly y: readonly Float64Array[];
  readonly markers: readonly Marker[];
  readonly palette: Palette;
  readonly zoom: Zoom | null;
}

const NEARLY_ZERO = 1e-12;

/** Lines over steps, with a cursor, markers and a zoom that survives new data. */
export class LineChart {
  readonly #plot: uPlot;
  readonly #isLog: boolean;
  #data: LineChartData;

  constructor(element: HTMLElement, options: LineChartOptions, data: LineChartData) {
    this.#data = data;
    this.#isLog = options.isLog;
    const size = { width: element.clientWidth || 300, height: element.clientHeight || 150 };
    this.#plot = new uPlot(
      plotOptions({ ...options, ...size }, () => this.#data),
      this.#rows(data),
      element,
    );
  }

  show(data: LineChartData): void {
    const isRestyled = data.palette !== this.#data.palette;
    this.#data = data;
    this.#plot.batch(() => {
      this.#plot.setData(this.#rows(data), data.zoom === null);
      if (data.zoom) this.#plot.setScale('x', data.zoom);
    });
    if (isRestyled) this.#plot.redraw(false, true);
  }

  resize(width: number, height: number): void {
    const isSame = width === this.#plot.width && height === this.#plot.height;
    if (width > 0 && height > 0 && !isSame) this.#plot.setSize({ width, height });
  }

  /** Puts the cursor on a row, as the arrow keys do. */
  pointAt(row: number): void {
    const x = this.#data.x[row];
    if (x === undefined) return;
    this.#plot.setCursor({ left: this.#plot.valToPos(x, 'x'), top: 20 });
  }

  destroy(): void {
    this.#plot.destroy();
  }

  /** uPlot knows null as "no value". A logarithm has no zero: it lies far below what is shown. */
  #rows({ x, y }: LineChartData): uPlot.AlignedData {
    const shown = (value: number): number => (this.#isLog ? Math.max(value, NEARLY_ZERO) : value);
    const columns = y.map((column) =>
      Array.from(column, (value) => (Number.isFinite(value) ? shown(value) : null)),
    );
    return [x, ...columns];
  }
}

function plotOptions(
  options: LineChartOptions & { width: number; height: number },
  data: () => LineChartData,
): uPlot.Options {
  const { lines, isLog, width, height, range, onZoom, onCursor } = options;
  const edges = lines.flatMap(({ isBandEdge }, index) => (isBandEdge ? [index + 1] : []));
  const [upper, lower] = edges;
  return {
    width,
    height,
    legend: { show: false },
    scales: {
      x: { time: false },
      y: {
        distr: isLog ? 3 : 1,
        range: (plot) => [...range(visibleRows(plot))] as [number, number],
      },
    },
    axes: axes(options, data),
    series: [{}, ...lines.map((line) => seriesOf(line, data))],
    ...(upper && lower && { bands: [{ series: [upper, lower], fill: () => data().palette.band }] }),
    cursor: cursorOf(onZoom),
    hooks: {
      setSelect: [(plot) => takeSelection(plot, onZoom)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
      draw: [(plot) => drawMarkers(plot, data().markers, data().palette)],
    },
  };
}

function visibleRows(plot: uPlot): { first: number; last: number } {
  const { min, max } = plot.scales['x'] ?? {};
  const steps = plot.data[0];
  const first = Array.prototype.findIndex.call(steps, (step: number) => step >= (min ?? 0));
  let last = steps.length - 1;
  while (last > 0 && (steps[last] ?? 0) > (max ?? Infinity)) last -= 1;
  return { first: Math.max(0, first), last };
}

function axes(
  { isLog, xText = stepNumber, yText = axisNumber }: LineChartOptions,
  data: () => LineChartData,
): uPlot.Axis[] {
  const look: uPlot.Axis = {
    stroke: () => data().palette.muted,
    font: '11px "Inter Variable", system-ui, sans-serif',
    grid: { stroke: () => data().palette.line, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const texts = (write: (value: number) => string) => (_plot: uPlot, splits: number[]) =>
    splits.map((split) => (split === null ? '' : write(split)));
  return [
    { ...look, size: 28, space: 90, grid: { show: false }, values: texts(xText) },
    {
      ...look,
      size: 54,
      space: 34,
      values: texts(yText),
      ...(isLog && {
        splits: (_plot, _axis, min, max) => logSplits(min, max),
        filter: (_plot, splits) => splits,
      }),
    },
  ];
}

function stepNumber(step: number): string {
  return step < 10_000 ? wholeNumber(step) : axisNumber(step);
}

function seriesOf(line: LineStyle, data: () => LineChartData): uPlot.Series {
  return {
    label: line.label,
    stroke: () => line.colour(data().palette),
    width: line.isBandEdge ? 0 : (line.width ?? 1.75),
    ...(line.dash && { dash: [...line.dash] }),
    points: { show: false },
    spanGaps: false,
  };
}

function cursorOf(onZoom: (zoom: null) => void): uPlot.Cursor {
  return {
    y: false,
    points: { size: 7 },
    drag: { x: true, y: false, setScale: false },
    bind: {
      dblclick: () => () => {
        onZoom(null);
        return null;
      },
    },
  };
}

function takeSelection(plot: uPlot, onZoom: (zoom: Zoom) => void): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  onZoom({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') });
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
