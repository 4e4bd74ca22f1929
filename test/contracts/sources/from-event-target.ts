import { fromEventTarget } from '../../../src/sources/index.ts';
import { dispatched, valuesOver } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

const target = new EventTarget();
const listeners = new Set<unknown>();
const watchedTarget = {
  addEventListener(type: string, listener: (event: Event) => void) {
    listeners.add(listener);
    target.addEventListener(type, listener);
  },
  removeEventListener(type: string, listener: (event: Event) => void) {
    listeners.delete(listener);
    target.removeEventListener(type, listener);
  },
};

export const subject: SourceSubject = {
  make: () => fromEventTarget(watchedTarget, 'move', (event) => event.type),
  drive() {
    for (let i = 0; i < 3; i += 1) target.dispatchEvent(new Event('move'));
  },
  isClosed: () => listeners.size === 0,
  isLive: true,
  attack: valuesOver(dispatched),
};
