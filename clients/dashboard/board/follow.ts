import type { Subscription } from 'rxjs';
import type { Connection, ConnectionState, Weights, Welcome } from '../../../src/client/index.ts';
import type { Board, WeightsNow } from './board.ts';
import type { Link, ModelFacts } from './view.ts';

/** Lets a board take whatever comes over a connection; unsubscribe to stop. */
export function follow(board: Board, connection: Connection, now: () => number): Subscription {
  const { state, welcome, cost, history, metrics, weights, predictions, events, errors } =
    connection;
  // The reason why topics end is told by the state: an error here would say it twice.
  const error = (): void => {};
  const all = state.subscribe((at) => board.takeLink(linkOf(at, now())));
  all.add(welcome.subscribe({ next: (said) => board.takeModel(factsOf(said)), error }));
  all.add(history.subscribe({ next: (points) => board.takeHistory(points), error }));
  all.add(cost.subscribe({ next: (frame) => board.takeCost(frame), error }));
  all.add(metrics.subscribe({ next: (frame) => board.takeMetrics(frame), error }));
  all.add(weights.subscribe({ next: (frame) => board.takeWeights(listed(frame)), error }));
  all.add(predictions.subscribe({ next: (frame) => board.takePredictions(frame), error }));
  all.add(events.subscribe({ next: (event) => board.takeEvent(event), error }));
  all.add(errors.subscribe({ next: (entry) => board.takeRejection(entry), error }));
  return all;
}

/** The phases of a connection as the few cases that people tell apart. */
export function linkOf({ phase, reason, retryMs = 0 }: ConnectionState, now: number): Link {
  if (phase === 'connecting' || phase === 'live') return { kind: phase };
  if (phase === 'closed') return { kind: 'stopped', reason };
  return { kind: 'waiting', reason: capitalised(reason), retryAt: now + retryMs };
}

function factsOf({ epoch, model }: Welcome): ModelFacts {
  const { name, params, classes = [], source, frozen: isFrozen = false } = model;
  const facts = { name, epoch, parameters: params, classes, isFrozen, source: source?.name ?? '' };
  return source?.ended === undefined ? facts : { ...facts, ended: source.ended };
}

function listed({ step, at, tensors }: Weights): WeightsNow {
  return { step, at, tensors: Array.from(tensors, ([name, tensor]) => ({ name, ...tensor })) };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
