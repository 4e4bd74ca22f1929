import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { LearnCard } from '../learn/learn-card.tsx';
import type { Lesson, LessonState } from '../model/lesson.ts';
import { stepsOf } from '../model/steps.ts';
import { NetworkFigure } from './network-figure.tsx';
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
      <LearnCard lesson={lesson} state={state} onPick={pick} />
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
