import type { JSX } from 'preact';
import type { PredictionItem } from '../../../src/client/index.ts';
import { Thumbnail } from '../draw/thumbnail.tsx';
import type { Palette } from '../page/palette.ts';
import { type Guess, guessOf } from '../reduce/answers.ts';
import { type Answer, confusionOf } from '../reduce/confusion.ts';
import { pictureSide } from '../reduce/heat-map.ts';
import { percent, wholeNumber } from '../reduce/number-text.ts';
import { ConfusionTable } from './confusion-table.tsx';
import { Panel } from './panel.tsx';

const NEWEST = 30;

/** What the panel is given. */
export interface ClassPredictionsProps {
  readonly items: readonly PredictionItem[];
  readonly classes: readonly string[];
  readonly palette: Palette;
}

/** The newest guesses one by one, and which classes are taken for which. */
export function ClassPredictions({ items, classes, palette }: ClassPredictionsProps): JSX.Element {
  const guesses = items.map((item) => guessOf(item, classes));
  const answers = guesses.flatMap(({ said, truth }): Answer[] =>
    truth === undefined ? [] : [{ said, truth }],
  );
  const confusion = confusionOf(answers, classes);
  const newest = guesses.slice(-NEWEST).reverse();
  return (
    <Panel id="predictions" title="Prediction and truth">
      <div class="two-parts">
        <div>
          <h3>Newest guesses</h3>
          <ol class="guesses" reversed>
            {newest.map((guess) => (
              <GuessCard key={guess.step} guess={guess} ink={palette.ink} />
            ))}
          </ol>
        </div>
        <div>
          <h3>
            Right in {percent(confusion.right / confusion.total)} of the last{' '}
            {wholeNumber(confusion.total)} seen here
          </h3>
          <ConfusionTable confusion={confusion} />
        </div>
      </div>
    </Panel>
  );
}

function GuessCard({ guess, ink }: { guess: Guess; ink: string }): JSX.Element {
  const { said, truth, isRight, certainty, x } = guess;
  const side = pictureSide(x.length);
  const verdict = truth === undefined ? 'unknown' : isRight ? 'right' : 'wrong';
  const sign = { unknown: '?', right: '✓', wrong: '✗' }[verdict];
  return (
    <li class={`guess ${verdict}`}>
      {side > 0 && <Thumbnail x={x} side={side} ink={ink} />}
      <span class="said">
        <span class="unseen">said</span> {said}
      </span>
      <span class="verdict">
        <span aria-hidden="true">{sign}</span>
        <span class="unseen">{verdict}</span>
        {verdict === 'wrong' && <> is {truth}</>}
        {verdict === 'right' && <> {percent(certainty).replace(/\.\d/, '')}</>}
      </span>
    </li>
  );
}
