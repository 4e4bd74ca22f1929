import type { Network } from 'rivulet';
import { type LessonPass, type LessonSample, lessonPass, seenTarget } from '../why/lesson-pass.ts';
import { partPass } from '../why/part-pass.ts';
import { skipPass } from '../why/skip-pass.ts';
import { WhyGraph } from '../why/why-graph.ts';
import { freshNetwork, type LessonTopic } from './topics.ts';

/** What the page shows: replaced as a whole at each change. */
export interface LessonState {
  readonly topic: LessonTopic;
  /** Samples learned so far. */
  readonly step: number;
  /** J_total over the last samples, one per entry, oldest first. */
  readonly costs: readonly number[];
  /** The sample that is followed, and its position; a drawn or typed one has none. */
  readonly sample: LessonSample;
  readonly index: number | undefined;
  /** Every number of the followed sample, with the weights as they are now. */
  readonly graph: WhyGraph;
}

const networkAtStart = (topic: LessonTopic): Network | undefined =>
  topic.net || topic.part ? undefined : freshNetwork(topic);

/** One point of the cost curve is the mean over this many samples. */
const costWindow = 50;
const costPointsMax = 400;

/**
 * A network that learns in the page, and one sample that is followed through a frozen copy of it. The
 * order of the samples is fixed, so the same clicks end in the same bits everywhere.
 */
export class Lesson {
  readonly #listeners = new Set<() => void>();
  /** Absent where the topic is a net that does not learn here. */
  #network: Network | undefined;
  #state: LessonState;
  #sum = 0;
  #count = 0;
  /** Position of the next sample to learn; a sample that is learned by itself does not move it. */
  #next = 0;

  constructor(topic: LessonTopic) {
    this.#network = networkAtStart(topic);
    this.#state = this.#begin(topic);
  }

  get state(): LessonState {
    return this.#state;
  }

  /** Calls back at each change until the function that it returns is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another topic, or the same from its beginning. */
  start(topic: LessonTopic): void {
    this.#network?.[Symbol.dispose]();
    this.#network = networkAtStart(topic);
    this.#sum = 0;
    this.#count = 0;
    this.#next = 0;
    this.#set(this.#begin(topic));
  }

  /** Learns the next samples of the topic, one after the other. */
  learn(count: number): void {
    if (!this.#network) return;
    const { topic, step, costs, sample, index } = this.#state;
    const points = [...costs];
    for (let done = 0; done < count; done++) {
      const { x, y } = topic.samples[this.#next % topic.samples.length]!;
      this.#next += 1;
      this.#sum += this.#network.learn(x, seenTarget(topic.model, y));
      this.#count += 1;
      if (this.#count < costWindow) continue;
      points.push(this.#sum / this.#count);
      this.#sum = 0;
      this.#count = 0;
    }
    this.#set({
      ...this.#follow(topic, sample, index),
      step: step + count,
      costs: points.slice(-costPointsMax),
    });
  }

  /** Learns the sample that is followed, once more. */
  learnFollowed(): void {
    const { topic, step, costs, sample, index } = this.#state;
    if (!this.#network) return;
    this.#network.learn(sample.x, seenTarget(topic.model, sample.y));
    this.#set({ ...this.#follow(topic, sample, index), step: step + 1, costs });
  }

  /** Goes on with other samples of the same topic: what was learned stays. */
  extend(samples: readonly LessonSample[], follow = samples.length - 1): void {
    const topic = { ...this.#state.topic, samples };
    const at = Math.max(0, follow);
    this.#set({ ...this.#state, ...this.#follow(topic, samples[at]!, at) });
  }

  /** What the network would answer to x now. A net that does not learn here answers for its sample alone. */
  predict(x: readonly number[]): ArrayLike<number> {
    return this.#network?.predict(x) ?? this.#state.graph.pass.h.at(-1)!;
  }

  /** Follows a sample of the topic. */
  choose(index: number): void {
    const { topic } = this.#state;
    const count = topic.samples.length;
    const at = ((index % count) + count) % count;
    this.#set({ ...this.#state, ...this.#follow(topic, topic.samples[at]!, at) });
  }

  /** Follows a sample that a reader drew or typed. */
  follow(sample: LessonSample): void {
    this.#set({ ...this.#state, ...this.#follow(this.#state.topic, sample, undefined) });
  }

  #begin(topic: LessonTopic): LessonState {
    return { ...this.#follow(topic, topic.samples[0]!, 0), step: 0, costs: [] };
  }

  #follow(topic: LessonTopic, sample: LessonSample, index: number | undefined) {
    return { topic, sample, index, graph: new WhyGraph(this.#pass(topic, sample)) };
  }

  #pass({ net, part, model }: LessonTopic, sample: LessonSample): LessonPass {
    if (part) return partPass(part);
    return net ? skipPass(net, sample) : lessonPass(model, this.#network!.save(), sample);
  }

  #set(state: LessonState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
