import type { JSX } from 'preact';
import type { View } from '../board/view.ts';
import type { Palette } from '../page/palette.ts';
import { useCalm } from '../page/use-calm.ts';
import { isClassification } from '../reduce/answers.ts';
import { ClassPredictions } from './class-predictions.tsx';
import { Panel, Waiting } from './panel.tsx';
import { RegressionTraces } from './regression-traces.tsx';

/** What was predicted beside what turned out to be true. */
export function PredictionPanel(props: { view: View; palette: Palette }): JSX.Element {
  const { palette } = props;
  const view = useCalm(props.view, 500);
  const classes = view.model?.classes ?? [];
  if (view.predictions.length === 0) {
    return (
      <Panel id="predictions" title="Prediction and truth">
        <Waiting what="the first predictions" />
      </Panel>
    );
  }
  return isClassification(view.predictions, classes) ? (
    <ClassPredictions items={view.predictions} classes={classes} palette={palette} />
  ) : (
    <RegressionTraces items={view.predictions} palette={palette} />
  );
}
