import { render } from 'preact';
import { connect } from '../../src/client/index.ts';
import { App } from './app.tsx';
import { Board } from './board/board.ts';
import { follow } from './board/follow.ts';

/** Twice as many weights a second would not be seen, and cost twice as much to draw. */
const topics = {
  cost: { maxHz: 10, history: { points: 2000 } },
  metrics: { maxHz: 5 },
  weights: { maxHz: 5 },
  predictions: { maxHz: 10 },
  events: { history: { points: 500 } },
  errors: { history: { points: 100 } },
} as const;

const board = new Board({ now: Date.now });
follow(board, connect(new URL('v1', document.baseURI), { topics, name: 'dashboard' }), Date.now);
const page = document.getElementById('page');
if (page) render(<App board={board} />, page);
