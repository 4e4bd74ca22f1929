import { EventEmitter } from 'node:events';
import { fromEmitter } from '../../../src/sources/index.ts';
import { emitted, valuesOver } from '../hostile/attacks.ts';
import type { SourceSubject } from '../source-subject.ts';

const emitter = new EventEmitter();

export const subject: SourceSubject = {
  make: () => fromEmitter(emitter, 'value', { endEvent: 'end' }),
  makeBroken: () => fromEmitter(emitter, 'value'),
  drive() {
    for (const value of [1, 2, 3]) emitter.emit('value', value);
    if (emitter.listenerCount('end') > 0) emitter.emit('end');
    else if (emitter.listenerCount('error') > 0) emitter.emit('error', new Error('broken'));
  },
  isClosed: () => emitter.eventNames().length === 0,
  attack: valuesOver(emitted),
};
