import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { answerOf, topics } from '../model/topics.ts';
import { CostCurve } from '../show/cost-curve.tsx';
import { equationNumber } from '../show/number-text.ts';
import { Pick } from '../show/pick.tsx';
import { ids } from '../why/names.ts';
import { CsvPanel } from './csv-panel.tsx';
import { DrawingsPanel } from './drawings-panel.tsx';
import { PointsPanel } from './points-panel.tsx';
import { SampleChoice } from './sample-choice.tsx';
import { ServerPanel } from './server-panel.tsx';

/** What the card is given. */
export interface LearnCardProps {
  readonly lesson: Lesson;
  readonly state: LessonState;
  readonly onPick: (id: string) => void;
}

/** Where samples and network come from. */
const sources = [
  ...topics.map(({ id, title }) => ({ id, title })),
  { id: 'table', title: 'Your own table (CSV)' },
  { id: 'drawings', title: 'Drawings of your own' },
  { id: 'points', title: 'Points that you click' },
  { id: 'server', title: 'The model of this server' },
];

/** What is learned, how well, and which sample is followed. */
export function LearnCard(props: LearnCardProps): JSX.Element {
  const { lesson, state } = props;
  const [source, setSource] = useState(state.topic.id);
  const choose = (id: string): void => {
    setSource(id);
    const topic = topics.find((found) => found.id === id);
    if (topic) lesson.start(topic);
  };
  // A source of its own shows nothing of another until it has given a topic.
  const isReady = state.topic.id === source;
  return (
    <section class="card learn stack" aria-labelledby="learn-title">
      <h2 id="learn-title">Learn</h2>
      <label class="field">
        <span>What is learned</span>
        <select value={source} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {sources.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {source === 'table' && <CsvPanel lesson={lesson} />}
      {source === 'drawings' && <DrawingsPanel lesson={lesson} state={state} />}
      {source === 'points' && <PointsPanel lesson={lesson} state={state} />}
      {source === 'server' && <ServerPanel lesson={lesson} />}
      {isReady && <Learning {...props} />}
    </section>
  );
}

function Learning({ lesson, state, onPick }: LearnCardProps): JSX.Element {
  const { topic, step, sample, graph } = state;
  const h = graph.pass.h.at(-1)!;
  const canLearn = !topic.net && !topic.part;
  const hasUnit = Boolean(topic.model.target);
  return (
    <>
      <p>{topic.about}</p>
      {canLearn && <LearnButtons lesson={lesson} state={state} />}
      <dl class="figures">
        <div>
          <dt>{topic.memory ? 'samples learned here' : 'samples learned'}</dt>
          <dd data-testid="step">{step.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>cost J of this sample</dt>
          <dd>
            <Pick graph={graph} id={ids.cost()} onPick={onPick} />
          </dd>
        </div>
        <div>
          <dt>it predicts</dt>
          <dd>
            {hasUnit ? (
              <Pick graph={graph} id={ids.prediction()} onPick={onPick} />
            ) : (
              answerOf(topic, h)
            )}
          </dd>
        </div>
        <div>
          <dt>the target</dt>
          <dd>{hasUnit ? equationNumber(sample.y[0]!) : answerOf(topic, sample.y)}</dd>
        </div>
      </dl>
      {canLearn && <CostCurve costs={state.costs} />}
      <SampleChoice lesson={lesson} state={state} />
    </>
  );
}

function LearnButtons({ lesson, state }: Omit<LearnCardProps, 'onPick'>): JSX.Element {
  const { topic } = state;
  return (
    <div class="tools">
      {[1, 100, 5000].map((count) => (
        <button
          key={count}
          type="button"
          class="button"
          onClick={() => (count === 1 ? lesson.learnFollowed() : lesson.learn(count))}
        >
          {count === 1 ? 'learn this sample' : `learn ${count.toLocaleString('en')} samples`}
        </button>
      ))}
      <button type="button" class="button" onClick={() => lesson.start(topic)}>
        {topic.memory ? 'back to the copy' : 'forget all'}
      </button>
    </div>
  );
}
