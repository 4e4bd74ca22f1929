import type uPlot from 'uplot';
import type { Palette } from '../page/palette.ts';

/** Something that happened at a step, drawn over a chart. */
export interface Marker {
  readonly step: number;
  readonly label: string;
  /** `line`: a labelled vertical. `tick`: a red mark on the axis. */
  readonly shape: 'line' | 'tick';
}

/** Draws markers within the visible part; labels that would touch each other are left out. */
export function drawMarkers(plot: uPlot, markers: readonly Marker[], palette: Palette): void {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  context.save();
  context.beginPath();
  context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  context.clip();
  context.font = `${11 * ratio}px "Inter Variable", system-ui, sans-serif`;
  context.textBaseline = 'top';
  context.textAlign = 'left';
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const marker of markers) {
    const x = Math.round(plot.valToPos(marker.step, 'x', true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    if (marker.shape === 'tick') drawTick(context, { x, bbox, ratio }, palette);
    else freeFrom = drawLine(context, { x, bbox, ratio, label: marker.label, freeFrom }, palette);
  }
  context.restore();
}

interface Place {
  readonly x: number;
  readonly bbox: uPlot.BBox;
  readonly ratio: number;
}

function drawTick(context: CanvasRenderingContext2D, place: Place, palette: Palette): void {
  const { x, bbox, ratio } = place;
  const foot = bbox.top + bbox.height;
  context.fillStyle = palette.alarm;
  context.fillRect(x - ratio, foot - 9 * ratio, 2 * ratio, 9 * ratio);
}

function drawLine(
  context: CanvasRenderingContext2D,
  { x, bbox, ratio, label, freeFrom }: Place & { label: string; freeFrom: number },
  palette: Palette,
): number {
  context.strokeStyle = palette.muted;
  context.lineWidth = ratio;
  context.setLineDash([3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(x, bbox.top);
  context.lineTo(x, bbox.top + bbox.height);
  context.stroke();
  if (x < freeFrom) return freeFrom;
  context.fillStyle = palette.ink;
  context.fillText(label, x + 4 * ratio, bbox.top + 2 * ratio);
  return x + context.measureText(label).width + 12 * ratio;
}
