import { type Connection, connect, type Welcome } from 'rivulet/client';
import { type FrozenCopy, frozenCopy } from 'rivulet/frozen';

/** What the page knows of the model of its server. */
export interface ServerState {
  readonly phase: 'connecting' | 'live' | 'lost' | 'closed';
  /** What a reader should know, in words. */
  readonly notice?: string;
  /** What went wrong with the last request, in words. */
  readonly error?: string;
  readonly canPause: boolean;
  readonly isPaused: boolean;
  /** Whether an answer of the server is awaited. */
  readonly isBusy: boolean;
  readonly model?: string;
  readonly models: readonly string[];
  /** The newest copy. It stays, whatever becomes of the server. */
  readonly copy?: FrozenCopy;
}

const atFirst: ServerState = {
  phase: 'connecting',
  canPause: false,
  isPaused: false,
  isBusy: true,
  models: [],
};

/** Options of a {@link ServerModel}. */
export interface ServerModelOptions {
  /** The address below which the server has its API, such as `http://127.0.0.1:8080/v1/`. */
  readonly url: URL;
  /** Default: none. */
  readonly token?: string | undefined;
  /** Default: the first model of the server. */
  readonly model?: string | undefined;
  /** Called at each change. */
  readonly changed: (state: ServerState) => void;
}

/**
 * The model of a server: frozen copies of it for every reader, and a pause for those who may steer it. A
 * copy is never replaced but on request: where the server is, the page says it.
 */
export class ServerModel {
  readonly #options: ServerModelOptions;
  readonly #connection: Connection;
  #state = atFirst;
  #welcome: Welcome | undefined;
  /** The run of the server that the copy was taken from. */
  #copied: string | undefined;

  constructor(options: ServerModelOptions) {
    this.#options = options;
    const { token, model, url } = options;
    this.#connection = connect(new URL(url.href.replace(/\/$/, '')), {
      name: 'lesson',
      ...(token && { token }),
      ...(model && { model }),
    });
    this.#connection.state.subscribe(({ phase, reason }) => this.#phaseChanged(phase, reason));
    this.#connection.welcome.subscribe((welcome) => this.#welcomed(welcome));
  }

  get state(): ServerState {
    return this.#state;
  }

  /**
   * Takes a frozen copy of the network of that name. Default: the first. Of one that is too large, so many
   * units per layer. Default: none.
   */
  freeze(network?: string, units?: number): Promise<void> {
    return this.#ask(async () => {
      const { url, token } = this.#options;
      const { model } = this.#state;
      const copy = await frozenCopy(url, {
        ...(token && { token }),
        ...(model !== undefined && { model }),
        ...(network !== undefined && { network }),
        ...(units !== undefined && { units }),
      });
      this.#copied = this.#welcome?.instance;
      this.#set({ copy, ...this.#noticeOf(copy) });
    });
  }

  /** Pauses the model for everybody, and takes a copy of what it is then. */
  async pause(network?: string): Promise<void> {
    if (!this.#state.canPause) {
      this.#set({
        notice:
          'Pausing the model stops it for everybody, which needs a token with the role admin; this one ' +
          'does not have it. Take a frozen copy instead: the model goes on, and the copy has the same numbers.',
      });
      return;
    }
    await this.#ask(async () => {
      await this.#connection.admin('pause');
      this.#set({ isPaused: true });
    });
    if (this.#state.isPaused) await this.freeze(network);
  }

  /** Lets the model go on. */
  resume(): Promise<void> {
    return this.#ask(async () => {
      await this.#connection.admin('resume');
      this.#set({ isPaused: false });
    });
  }

  /** Ends the connection. The copy stays. */
  close(): void {
    this.#connection.close();
  }

  async #ask(request: () => Promise<void>): Promise<void> {
    this.#set({ isBusy: true, error: undefined });
    try {
      await request();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#set({ error: `The server did not answer as hoped: ${reason}.` });
    }
    this.#set({ isBusy: false });
  }

  #welcomed(welcome: Welcome): void {
    const isFirst = !this.#welcome;
    this.#welcome = welcome;
    const { copy } = this.#state;
    this.#set({
      phase: 'live',
      canPause: welcome.roles.includes('admin'),
      model: welcome.model.name,
      models: welcome.models,
      ...(copy ? this.#noticeOf(copy) : {}),
    });
    if (isFirst) void this.freeze();
  }

  /** Whether the server that is there now is the one, and the history the one, of the copy. */
  #noticeOf({ epoch, step }: FrozenCopy): { readonly notice: string | undefined } {
    const welcome = this.#welcome;
    if (!welcome) return { notice: undefined };
    const kept = `The copy from step ${step.toLocaleString('en')} and its sample stay as they are; take a new copy to see the model of now.`;
    if (this.#copied !== undefined && welcome.instance !== this.#copied) {
      this.#state = { ...this.#state, isPaused: false };
      return { notice: `The server was replaced while you were reading. ${kept}` };
    }
    if (welcome.epoch !== epoch) {
      return { notice: `The model has begun another history, such as by a reset. ${kept}` };
    }
    return { notice: undefined };
  }

  #phaseChanged(phase: string, reason: string): void {
    if (phase === 'live') return;
    const isClosed = phase === 'closed';
    const { copy } = this.#state;
    const kept = copy ? ' The frozen copy and its sample stay.' : '';
    if (phase === 'connecting' && !copy) return;
    this.#set({
      phase: isClosed ? 'closed' : 'lost',
      isBusy: false,
      notice: isClosed
        ? `The connection is closed: ${reason}.${kept}`
        : `The server cannot be reached: ${reason}.${kept} The page tries again.`,
    });
  }

  #set(change: { [Name in keyof ServerState]?: ServerState[Name] | undefined }): void {
    const next = { ...this.#state, ...change };
    for (const name of ['notice', 'error'] as const)
      if (next[name] === undefined) delete next[name];
    this.#state = next as ServerState;
    this.#options.changed(this.#state);
  }
}
