import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MetricsFrame } from '../../../src/client/index.ts';
import type { TensorView, WeightsView } from '../board/view.ts';
import { colourLimit } from '../reduce/colour-scale.ts';
import { shortNumber } from '../reduce/number-text.ts';
import { relativeChange, summarise } from '../reduce/tensor-summary.ts';
import { Histogram } from './histogram.tsx';
import { Panel, Waiting } from './panel.tsx';

/** What the layers panel is given. */
export interface LayersPanelProps {
  readonly weights: WeightsView | undefined;
  readonly metrics: MetricsFrame | undefined;
}

const TITLES = [
  'Tensor',
  'Shape',
  'Norm',
  'Least',
  'Largest',
  'Values',
  'Gradient',
  'Update ratio',
];

/** One row a tensor: how large it is, how it is spread, how hard it is pulled, how fast it moves. */
export function LayersPanel({ weights, metrics }: LayersPanelProps): JSX.Element {
  if (!weights) {
    return (
      <Panel id="layers" title="Layers">
        <Waiting what="the first weights" />
      </Panel>
    );
  }
  const isDeadKnown = metrics?.layers.some(({ deadUnits }) => deadUnits !== undefined) ?? false;
  return (
    <Panel id="layers" title="Layers">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="scroll" tabIndex={0} aria-label="Layers table">
        <table class="layers">
          <thead>
            <tr>
              {[...TITLES, ...(isDeadKnown ? ['Dead units'] : [])].map((title) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weights.tensors.map((tensor) => (
              <LayerRow
                key={tensor.name}
                tensor={tensor}
                measured={measuredOf(metrics, tensor)}
                isDeadKnown={isDeadKnown}
              />
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}

type Measured = MetricsFrame['layers'][number];

/** The server may name a layer or a tensor; either is understood. */
function measuredOf(metrics: MetricsFrame | undefined, { name }: TensorView): Measured | undefined {
  const layer = name.replace(/\.[^./]*$/, '');
  return metrics?.layers.find((measured) => measured.name === name || measured.name === layer);
}

interface LayerRowProps {
  readonly tensor: TensorView;
  readonly measured: Measured | undefined;
  readonly isDeadKnown: boolean;
}

function LayerRow({ tensor, measured, isDeadKnown }: LayerRowProps): JSX.Element {
  const { name, shape, values, before } = tensor;
  const limit = useMemo(() => colourLimit(values, 1), [values]);
  const summary = useMemo(() => summarise(values, limit), [values, limit]);
  const change = useMemo(
    () => (before ? relativeChange(values, before) : Number.NaN),
    [values, before],
  );
  const gradient = measured?.gradientNorm;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{shape.join(' × ')}</td>
      <td>{shortNumber(summary.norm)}</td>
      <td>{shortNumber(summary.min)}</td>
      <td>{shortNumber(summary.max)}</td>
      <td>
        <Histogram counts={summary.histogram} limit={limit} />
        {summary.nonFinite > 0 && <b class="alarm">{summary.nonFinite} not finite</b>}
      </td>
      <td>{typeof gradient === 'number' ? shortNumber(gradient) : '–'}</td>
      <td>
        <Ratio value={measured?.updateRatio ?? change} />
      </td>
      {isDeadKnown && <td>{measured?.deadUnits ?? '–'}</td>}
    </tr>
  );
}

/** Updates of about a thousandth of the weights are healthy; the bar is full at 1, empty at 10⁻⁶. */
function Ratio({ value }: { value: number }): JSX.Element {
  if (!(value > 0)) return <span>–</span>;
  const share = Math.max(0, Math.min(1, (Math.log10(value) + 6) / 6));
  return (
    <span class="ratio">
      <span class="ratio-bar" aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {value.toExponential(1).replace('-', '−')}
    </span>
  );
}
