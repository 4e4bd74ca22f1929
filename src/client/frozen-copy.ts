import { decodeFrozen, type FrozenModel } from '../snapshot/frozen-model.ts';

export type {
  LayeredCopy,
  NamedPart,
  NetworkCopy,
  NetworkOutline,
  PartCopy,
  Scale,
  SkipCopy,
  SkipMatrices,
} from '../learn/network-copy.ts';
export type {
  FreezeOptions,
  FrozenModel,
  FrozenSample,
} from '../snapshot/frozen-model.ts';

/** Options of {@link frozenCopy}. */
export interface FrozenCopyOptions {
  /** Default: none. */
  readonly token?: string;
  /** The model of the server. Default: the first that the token may read. */
  readonly model?: string;
  /** A network of the model, such as an expert of a pool. Default: the first. */
  readonly network?: string;
  /** Units per layer of a network that is too large to be copied: 1 to 64. Default: none of it. */
  readonly units?: number;
  /** Gives the answer up when it is aborted. */
  readonly signal?: AbortSignal;
}

/** A model as it was on a server at one moment. */
export interface FrozenCopy extends FrozenModel {
  /** The name of the model. */
  readonly model: string;
  /** The history that it is a moment of. */
  readonly epoch: string;
}

/**
 * Asks a server for a frozen copy of one network of its model, with the newest samples. `url` is that of
 * its HTTP API, such as `http://127.0.0.1:8080/v1/`. Rejects with an Error that has the server's own words
 * where it refuses, and with a TypeError where it cannot be reached.
 */
export const frozenCopy = async (
  url: string | URL,
  { token, model, network, units, signal }: FrozenCopyOptions = {},
): Promise<FrozenCopy> => {
  const address = new URL('frozen', url);
  if (model !== undefined) address.searchParams.set('model', model);
  if (network !== undefined) address.searchParams.set('network', network);
  if (units !== undefined) address.searchParams.set('units', String(units));
  const response = await fetch(address, {
    ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(await reasonOf(response));
  const { frozen, about } = decodeFrozen(new Uint8Array(await response.arrayBuffer()));
  return { ...frozen, model: about['model'] ?? '', epoch: about['epoch'] ?? '' };
};

const reasonOf = async (response: Response): Promise<string> => {
  try {
    const { error } = (await response.json()) as { readonly error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not an answer of ours, such as one of a proxy: the status is all there is.
  }
  return `the server answered ${response.status}`;
};
