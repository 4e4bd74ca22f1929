import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { stepsOf } from '../model/steps.ts';
import { answerOf, topics } from '../model/topics.ts';
import { ids } from '../why/names.ts';
import { CostCurve } from './cost-curve.tsx';
import { NetworkFigure } from './network-figure.tsx';
import { equationNumber } from './number-text.ts';
import { InputFields, SamplePicture } from './sample-picture.tsx';
import { StepView } from './step-view.tsx';
import { WhyPanel } from './why-panel.tsx';

/** The state of a lesson, kept up to date. */
const useLesson = (lesson: Lesson): LessonState => {
  const [state, set] = useState(lesson.state);
  useEffect(() => lesson.subscribe(() => set(lesson.state)), [lesson]);
  return state;
};

/** One sample on its way through the network: forward, cost, backward, update. */
export function FollowView({ lesson }: { lesson: Lesson }): JSX.Element {
  const state = useLesson(lesson);
  const { graph, topic } = state;
  const steps = useMemo(() => stepsOf(graph.pass), [topic]);
  const [at, setAt] = useState(0);
  const [trail, setTrail] = useState<readonly string[]>([]);
  const index = Math.min(at, steps.length - 1);
  const step = steps[index]!;
  const pick = (id: string): void => setTrail([...trail, id]);
  const go = (to: number): void => setAt(Math.max(0, Math.min(steps.length - 1, to)));
  useEffect(() => {
    setAt(0);
    setTrail([]);
  }, [topic]);
  return (
    <div class="follow">
      <Learn lesson={lesson} state={state} onPick={pick} />
      <section class="card walk" aria-labelledby="walk-title">
        <header>
          <h2 id="walk-title">Follow this sample</h2>
          <div class="tools">
            <button
              type="button"
              class="button"
              disabled={index === 0}
              onClick={() => go(index - 1)}
            >
              Back
            </button>
            <label>
              <span class="unseen">Step</span>
              <select
                value={index}
                onChange={({ currentTarget }) => go(Number(currentTarget.value))}
              >
                {steps.map(({ id, title }, position) => (
                  <option key={id} value={position}>
                    {position + 1}. {title}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              class="button primary"
              disabled={index === steps.length - 1}
              onClick={() => go(index + 1)}
              data-testid="next-step"
            >
              Next step
            </button>
          </div>
        </header>
        <NetworkFigure graph={graph} layer={step.layer} onPick={pick} />
        <StepView graph={graph} step={step} onPick={pick} />
      </section>
      <section class="card why-card" aria-labelledby="why-title" aria-live="polite">
        <h2 id="why-title">How was it computed?</h2>
        <WhyPanel
          graph={graph}
          trail={trail}
          onPick={pick}
          onBack={(length) => setTrail(trail.slice(0, length))}
        />
      </section>
    </div>
  );
}

/** What is learned, how well, and which sample is followed. */
function Learn({
  lesson,
  state,
  onPick,
}: {
  lesson: Lesson;
  state: LessonState;
  onPick: (id: string) => void;
}): JSX.Element {
  const { topic, step, sample, index, graph } = state;
  const h = graph.pass.h.at(-1)!;
  const follow = (x: readonly number[]): void => lesson.follow({ x, y: sample.y });
  const cost = ids.cost();
  return (
    <section class="card learn stack" aria-labelledby="learn-title">
      <h2 id="learn-title">Learn</h2>
      <div class="tools">
        <label>
          <span class="unseen">Topic</span>
          <select
            value={topic.id}
            onChange={({ currentTarget }) =>
              lesson.start(topics.find(({ id }) => id === currentTarget.value) ?? topics[0]!)
            }
          >
            {topics.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
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
          forget all
        </button>
      </div>
      <p>{topic.about}</p>
      <dl class="figures">
        <div>
          <dt>samples learned</dt>
          <dd data-testid="step">{step.toLocaleString('en')}</dd>
        </div>
        <div>
          <dt>cost of this sample</dt>
          <dd>
            <button type="button" class="pick" data-quantity={cost} onClick={() => onPick(cost)}>
              {equationNumber(graph.get(cost).value)}
            </button>
          </dd>
        </div>
        <div>
          <dt>it predicts</dt>
          <dd>{answerOf(topic, h)}</dd>
        </div>
        <div>
          <dt>the target</dt>
          <dd>{answerOf(topic, sample.y)}</dd>
        </div>
      </dl>
      <CostCurve costs={state.costs} />
      <h3>The sample</h3>
      <div class="tools">
        <button type="button" class="button" onClick={() => lesson.choose((index ?? 0) - 1)}>
          previous
        </button>
        <button type="button" class="button" onClick={() => lesson.choose((index ?? -1) + 1)}>
          next
        </button>
        <span class="where">
          {index === undefined
            ? 'a sample of your own'
            : `${index + 1} of ${topic.samples.length.toLocaleString('en')}`}
        </span>
      </div>
      {topic.pictureWidth !== undefined && (
        <>
          <SamplePicture
            pixels={sample.x}
            width={topic.pictureWidth}
            label={`The inputs as a picture; draw to change them`}
            onDraw={follow}
          />
          <button type="button" class="button" onClick={() => follow(sample.x.map(() => 0))}>
            clear the picture
          </button>
          <Target lesson={lesson} state={state} />
        </>
      )}
      <InputFields values={sample.x} nameOf={topic.inputName} onChange={follow} />
    </section>
  );
}

/** What the sample should be called, where there are several outputs. */
function Target({ lesson, state }: { lesson: Lesson; state: LessonState }): JSX.Element {
  const { topic, sample } = state;
  return (
    <label class="target">
      its target{' '}
      <select
        value={sample.y.indexOf(1)}
        onChange={({ currentTarget: { value } }) =>
          lesson.follow({ x: sample.x, y: sample.y.map((_, k) => (k === Number(value) ? 1 : 0)) })
        }
      >
        {sample.y.map((_, k) => (
          <option key={k} value={k}>
            {topic.outputName(k)}
          </option>
        ))}
      </select>
    </label>
  );
}
