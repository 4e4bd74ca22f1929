import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { WeightsView } from '../board/view.ts';
import type { Palette } from '../page/palette.ts';
import { deepest, layerGroups } from '../reduce/layer-groups.ts';
import { wholeNumber } from '../reduce/number-text.ts';
import { LayerMap } from './layer-map.tsx';
import { Panel, Waiting } from './panel.tsx';

/** What the weights panel is given. */
export interface WeightsPanelProps {
  readonly weights: WeightsView | undefined;
  readonly palette: Palette;
}

/** The weights of every layer as heat maps; of a pool, one expert at a time. */
export function WeightsPanel({ weights, palette }: WeightsPanelProps): JSX.Element {
  const [chosen, setChosen] = useState<string>();
  const groups = useMemo(() => layerGroups(weights?.tensors ?? []), [weights]);
  const group = groups.find(({ name }) => name === chosen) ?? deepest(groups);
  const picker = groups.length > 1 && (
    <label class="picker">
      Expert{' '}
      <select value={group?.name} onChange={(event) => setChosen(event.currentTarget.value)}>
        {groups.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel id="weights" title="Weights" tools={picker}>
      {weights && group ? (
        <>
          <p class="note">
            Blue is positive, orange negative; point at a weight, or use the arrow keys, to read it.
            As of step {wholeNumber(weights.step)}.
          </p>
          <div class="layer-maps">
            {group.layers.map((layer, index) => (
              <LayerMap key={layer.name} layer={layer} isFirst={index === 0} palette={palette} />
            ))}
          </div>
        </>
      ) : (
        <Waiting what="the first weights" />
      )}
    </Panel>
  );
}
