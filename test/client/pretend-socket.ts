import type { SocketConstructor, SocketLike } from '../../src/client/socket.ts';

/** A WebSocket without a network: a test opens it, speaks through it and closes it. */
export class PretendSocket implements SocketLike {
  binaryType = 'blob';
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: never) => void) | null = null;
  /** What the client has sent, parsed. */
  readonly sent: Record<string, unknown>[] = [];
  /** With what code the client closed it. */
  closedWith: number | undefined;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code?: number): void {
    this.closedWith = code;
  }

  /** The newest message of that kind that the client has sent. */
  last(t: string): Record<string, unknown> | undefined {
    return this.sent.findLast((message) => message['t'] === t);
  }

  say(message: object | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.({ data });
  }

  /** Opens, and says welcome. */
  welcome(changes: object = {}): void {
    this.onopen?.(undefined as never);
    const model = { name: 'm', schema: '', params: 0, tensors: [] };
    const rest = { session: 's', models: ['m'], step: 0, roles: ['read'], limits: {}, caps: [] };
    const epoch = { epoch: 'E', epochTag: '0000000000000000' };
    this.say({ t: 'welcome', v: 1, hb: 10_000, ...epoch, model, ...rest, ...changes });
  }

  /** Answers the newest `sub` of a topic with a sid. */
  open(topic: string, sid: number, changes: object = {}): void {
    const sub = this.sent.findLast((message) => message['topic'] === topic);
    this.say({ t: 'ok', id: sub?.['id'], sid, epoch: 'E', seq: 0, recovered: false, ...changes });
  }

  drop(code = 1006, reason = ''): void {
    this.onclose?.({ code, reason });
  }
}

/** A constructor for {@link connect} and the sockets that were made with it, oldest first. */
export const pretendSockets = (): { WebSocket: SocketConstructor; made: PretendSocket[] } => {
  const made: PretendSocket[] = [];
  const WebSocket = class extends PretendSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      made.push(this);
    }
  };
  return { WebSocket, made };
};
