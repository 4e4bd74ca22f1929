import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrozenCopy } from 'rivulet/frozen';
import type { Lesson } from '../model/lesson.ts';
import { frozenTopic, networkLearnerTopic, outlineText } from '../server/frozen-topic.ts';
import { ServerModel, type ServerState } from '../server/server-model.ts';

/** Units per layer in a smaller view of a large network. */
const unitsShown = 12;

/** The choice that stands for a network that learns here from the samples of the server. */
const learner = 'the network learner';

/** A frozen copy of the server's model: which net of it, a new one, and a pause. */
export function ServerPanel({ lesson }: { lesson: Lesson }): JSX.Element {
  const [token, setToken] = useState('');
  const [state, setState] = useState<ServerState>();
  const [network, setNetwork] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const server = useRef<ServerModel | undefined>(undefined);
  const open = (model?: string): void => {
    server.current?.close();
    server.current = new ServerModel({
      url: new URL('../v1/', document.baseURI),
      token,
      model,
      changed: setState,
    });
    setState(server.current.state);
  };
  useEffect(() => {
    open();
    return () => server.current?.close();
  }, []);
  const copy = state?.copy;
  useEffect(() => {
    if (copy) setProblem(show(lesson, copy, network));
  }, [copy]);
  const chooseNetwork = (name: string): void => {
    setNetwork(name);
    if (copy && name === learner) setProblem(show(lesson, copy, name));
    else void server.current!.freeze(name);
  };
  if (!state) return <p class="hint">Connecting …</p>;
  const asked = network === learner ? undefined : network;
  return (
    <div class="server stack">
      <p class="hint" role="status" data-testid="server-status">
        {statusText(state)}
      </p>
      <Steering
        state={state}
        onFreeze={() => void server.current!.freeze(asked)}
        onPause={() => void server.current!.pause(asked)}
        onResume={() => void server.current!.resume()}
      />
      {state.notice && (
        <p class="notice" role="status" data-testid="server-notice">
          {state.notice}
        </p>
      )}
      {(state.error ?? problem) && (
        <p class="error" role="alert">
          {state.error ?? problem}
        </p>
      )}
      {copy && !copy.network && (
        <button
          type="button"
          class="button primary"
          disabled={state.isBusy}
          onClick={() => void server.current!.freeze(asked, unitsShown)}
        >
          show the {unitsShown} most active units per layer
        </button>
      )}
      {copy && <NetworkChoice copy={copy} network={network} onChoose={chooseNetwork} />}
      <details>
        <summary>Token and model</summary>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            open(state.model);
          }}
        >
          <label class="field">
            <span>Token, where the server asks for one</span>
            <input
              type="password"
              autocomplete="off"
              value={token}
              onInput={({ currentTarget }) => setToken(currentTarget.value)}
            />
          </label>
          {state.models.length > 1 && (
            <label class="field">
              <span>Model</span>
              <select
                value={state.model}
                onChange={({ currentTarget }) => open(currentTarget.value)}
              >
                {state.models.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
          )}
          <button type="submit" class="button">
            connect
          </button>
        </form>
      </details>
    </div>
  );
}

/** Begins the lesson of a copy, or says why there is none. */
const show = (
  lesson: Lesson,
  copy: FrozenCopy,
  network: string | undefined,
): string | undefined => {
  try {
    if (network === learner) lesson.start(networkLearnerTopic(copy));
    else if (copy.network) lesson.start(frozenTopic(copy));
    else return largeText(copy);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const largeText = ({ networks }: FrozenCopy): string =>
  `This network is too large to be shown number by number (${networks.map(outlineText).join('; ')}). ` +
  `Take a smaller view of it, or choose ${learner}, which learns the same samples in this page.`;

const statusText = ({ phase, isPaused, isBusy, model = 'the model' }: ServerState): string => {
  if (phase === 'connecting') return 'Connecting to the server …';
  if (isBusy) return `Copying ${model} …`;
  if (phase !== 'live') return 'Not connected.';
  return isPaused
    ? `Connected to ${model}, which is paused for everybody.`
    : `Connected to ${model}, which goes on learning.`;
};

function Steering({
  state: { phase, isBusy, isPaused },
  onFreeze,
  onPause,
  onResume,
}: {
  state: ServerState;
  onFreeze: () => void;
  onPause: () => void;
  onResume: () => void;
}): JSX.Element {
  const isOff = phase !== 'live' || isBusy;
  return (
    <div class="tools">
      <button type="button" class="button" disabled={isOff} onClick={onFreeze}>
        take a new copy
      </button>
      <button type="button" class="button" disabled={isOff} onClick={isPaused ? onResume : onPause}>
        {isPaused ? 'let the model go on' : 'pause the model'}
      </button>
    </div>
  );
}

function NetworkChoice({
  copy: { networks, network: shown },
  network = shown?.name ?? networks[0]?.name,
  onChoose,
}: {
  copy: FrozenCopy;
  network: string | undefined;
  onChoose: (name: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      <span>{networks.length > 1 ? 'Net of the pool' : 'Network'}</span>
      <select value={network} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {networks.map((outline) => (
          <option key={outline.name} value={outline.name}>
            {outlineText(outline)}
          </option>
        ))}
        <option value={learner}>{learner}, from nothing</option>
      </select>
    </label>
  );
}
