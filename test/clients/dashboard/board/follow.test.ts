import { BehaviorSubject, NEVER, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Board } from '../../../../clients/dashboard/board/board.ts';
import { follow, linkOf } from '../../../../clients/dashboard/board/follow.ts';
import {
  type Connection,
  ConnectionClosed,
  type ConnectionState,
  type CostFrame,
} from '../../../../src/client/index.ts';
import { costAt } from './frames.ts';

const pretend = () => {
  const state = new BehaviorSubject<ConnectionState>({ phase: 'live', reason: 'connected' });
  const cost = new Subject<CostFrame>();
  const never = { welcome: NEVER, history: NEVER, metrics: NEVER, weights: NEVER };
  const others = { ...never, predictions: NEVER, events: NEVER, errors: NEVER, gaps: NEVER };
  const connection: Partial<Connection> = { state, cost, ...others, close() {} };
  return { state, cost, connection: connection as Connection };
};

describe('following a connection', () => {
  it('lets the board take what comes, until it is stopped', () => {
    const { cost, connection } = pretend();
    const board = new Board({ now: () => 0 });
    const following = follow(board, connection, () => 0);
    cost.next(costAt(1));
    following.unsubscribe();
    cost.next(costAt(2));
    expect(board.view()).toMatchObject({ step: 1, link: { kind: 'live' } });
  });

  it('says why the connection is over, without an error of its own', () => {
    const { state, cost, connection } = pretend();
    const board = new Board({ now: () => 0 });
    follow(board, connection, () => 0);
    const closed: ConnectionState = { phase: 'closed', code: 4403, reason: 'not allowed' };
    cost.error(new ConnectionClosed(closed));
    state.next(closed);
    expect(board.view().link).toEqual({ kind: 'stopped', reason: 'not allowed' });
  });

  it('turns a wait into a time to look at the clock for', () => {
    const state = {
      phase: 'reconnecting',
      reason: 'the connection was lost',
      retryMs: 500,
    } as const;
    const link = { kind: 'waiting', reason: 'The connection was lost', retryAt: 1_500 };
    expect(linkOf(state, 1_000)).toEqual(link);
  });
});
