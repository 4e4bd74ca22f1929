import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { shownAddress } from './address.ts';
import { checkCount, checkMs, checkName, checkOneOf } from './check-options.ts';

/** A session that stood for so long, in milliseconds, was no short one. */
const shortMs = 60_000;

/** The delay before the client connects again, in milliseconds: at first, and at most. */
const delayMinMs = 500;
const delayMaxMs = 8_000;

/**
 * Counts sessions that are lost soon after they stood, and that the broker then grants again at the first
 * attempt. So it goes when two clients have one id: each connection takes the session from the other
 * (MQTT 5, section 3.1.4). A broker that restarts, or a network that fails, makes attempts fail as well.
 */
export class ShortSessions {
  #count = 0;
  #connectedMs: number | undefined;

  /** The delay before the next attempt, in milliseconds: doubled with each short session. */
  get delayMs(): number {
    return Math.min(delayMaxMs, delayMinMs << Math.min(10, Math.max(0, this.#count - 2)));
  }

  /** How many short sessions there were in a row. */
  get count(): number {
    return this.#count;
  }

  connected(nowMs: number): void {
    this.#connectedMs = nowMs;
  }

  /** A connection, or an attempt to make one, has ended. */
  closed(nowMs: number): void {
    const stoodMs = this.#connectedMs === undefined ? undefined : nowMs - this.#connectedMs;
    this.#connectedMs = undefined;
    this.#count = stoodMs !== undefined && stoodMs < shortMs ? this.#count + 1 : 0;
  }
}

/** How a broker is reached. */
export interface BrokerOptions {
  /** Default: the environment variable MQTT_USERNAME. */
  readonly username?: string | undefined;
  /** Default: the environment variable MQTT_PASSWORD. */
  readonly password?: string | undefined;
  /** With a name of its own the session persists: what comes meanwhile is kept by the broker. */
  readonly clientId?: string | undefined;
  /** 4 is MQTT 3.1.1, 5 is MQTT 5. Default 4. */
  readonly protocolVersion?: 4 | 5 | undefined;
  /**
   * How many messages may come before the first of them has been acknowledged. Default 1,000. Only
   * MQTT 5 can ask for it; before, it is the broker's own affair (mosquitto: 20).
   */
  readonly receiveMaximum?: number | undefined;
  /** Certificates in PEM, for mqtts. */
  readonly tls?:
    | { readonly ca?: string; readonly cert?: string; readonly key?: string }
    | undefined;
  /** How long the first connection is waited for, in milliseconds, or Infinity. Default 30,000. */
  readonly waitMs?: number | undefined;
  /**
   * How many sessions in a row may end within a minute after they began, before the connection is given
   * up: where two clients have one `clientId`, each connection takes the session from the other. From the
   * third on the client waits longer each time, up to 8 s. 1 to 1,000, default 10.
   */
  readonly shortSessionsMax?: number | undefined;
  /** Told of what becomes of the connection, each time that it changes. */
  readonly events?: ConnectionEventSink;
}

/** A day: for so long a broker of MQTT 5 keeps a persistent session. */
const sessionSeconds = 86_400;

/** So long a broker may take to let us go. */
const farewellMs = 1_000;

/** Refusals that trying again does not mend: bad version, id, password, rights; of 3.1.1 and of 5. */
const fatalCodes = new Set([1, 2, 4, 5, 0x84, 0x85, 0x86, 0x87, 0x8a, 0x8c]);

/** What a connection tells its user. */
export interface BrokerHandlers {
  /** Each time that it stands. */
  readonly connected: () => void;
  /** It is over for good. */
  readonly failed: (error: SourceError) => void;
}

/** A connection to a broker, and how it ends. */
export interface BrokerConnection {
  readonly client: MqttClient;
  /** From now on it is not sought again where it is lost: only what can be said on it is left to say. */
  readonly retire: () => void;
  /** Settles when it has ended. What is on its way still arrives, if the broker takes it soon. */
  readonly close: () => Promise<void>;
}

/** Throws a TypeError or a RangeError if an option is invalid. */
export const checkBrokerOptions = (options: BrokerOptions): void => {
  checkOneOf('protocolVersion', options.protocolVersion, [4, 5]);
  checkCount('receiveMaximum', options.receiveMaximum, 65_535);
  checkName('clientId', options.clientId);
  checkCount('shortSessionsMax', options.shortSessionsMax, 1_000);
  if (options.waitMs !== Number.POSITIVE_INFINITY) checkMs('waitMs', options.waitMs);
};

/** Opens a connection that is sought again, for ever, once it has stood. */
export const openBroker = (
  url: string,
  options: BrokerOptions,
  { connected, failed }: BrokerHandlers,
): BrokerConnection => {
  const { waitMs = 30_000, shortSessionsMax = 10, clientId, events } = options;
  const address = shownAddress(url);
  const client = connect(url, clientOptions(options));
  let isFirst = true;
  let isOver = false;
  let isLost = false;
  let reason = 'no answer';
  const sessions = new ShortSessions();
  const retire = (): void => {
    isOver = true;
    clearTimeout(timer);
    // Who comes back with the same session would be thrown out of it again.
    client.options.reconnectPeriod = 0;
    if (!client.connected) client.end(true);
  };
  const close = (): Promise<void> => {
    retire();
    return endOf(client);
  };
  const giveUp = (): void => {
    void close();
    failed(new SourceError(`no broker at ${address} in ${waitMs / 1000} s: ${reason}`));
  };
  const timer = waitMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(giveUp, waitMs);
  client.on('connect', () => {
    clearTimeout(timer);
    sessions.connected(performance.now());
    connected();
    isFirst = false;
    isLost = false;
  });
  client.on('error', (error: Error & { code?: unknown }) => {
    reason = error.message || String(error.code);
    if (isOver || !fatalCodes.has(error.code as number)) return;
    void close();
    failed(new SourceError(`${address}: ${reason} (see MQTT_USERNAME and MQTT_PASSWORD)`));
  });
  client.on('close', () => {
    if (isOver) return;
    sessions.closed(performance.now());
    // Only a name of its own can be that of another client.
    if (clientId !== undefined) {
      client.options.reconnectPeriod = sessions.delayMs;
      if (sessions.count >= shortSessionsMax) {
        void close();
        failed(new SourceError(takenOver(address, clientId, sessions.count)));
        return;
      }
    }
    // Each attempt ends like this.
    if (isLost) return;
    isLost = true;
    const kind = isFirst ? 'waiting' : 'lost';
    const message = isFirst
      ? `waiting for a broker at ${address}`
      : `lost ${address}, seeking it again`;
    events?.next({ kind, message });
  });
  return { client, retire, close };
};

const takenOver = (address: string, clientId: string, count: number): string =>
  `${address} has ended ${count} connections in a row soon after they stood: another client uses the clientId '${clientId}', and each takes the session from the other; give one of them another clientId`;

/** After a farewell, what was written before it still arrives; a broker that is stuck gets none. */
const endOf = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.end(!client.connected, () => resolve());
    setTimeout(() => {
      client.stream.destroy();
      resolve();
    }, farewellMs).unref();
  });

const clientOptions = ({
  username = process.env['MQTT_USERNAME'],
  password = process.env['MQTT_PASSWORD'],
  clientId,
  protocolVersion = 4,
  receiveMaximum = 1_000,
  tls,
}: BrokerOptions): IClientOptions => ({
  protocolVersion,
  reconnectPeriod: 500,
  connectTimeout: 10_000,
  clean: clientId === undefined,
  ...(clientId !== undefined && { clientId }),
  ...(protocolVersion === 5 && {
    properties: {
      receiveMaximum,
      ...(clientId !== undefined && { sessionExpiryInterval: sessionSeconds }),
    },
  }),
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...tls,
});
