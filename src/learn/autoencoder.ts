import { Network } from './network.ts';
import { rmsprop } from './optimizers/rmsprop.ts';

/** Options of {@link autoencoder}. */
export interface AutoencoderOptions {
  /** How many features there are. It can grow. */
  readonly inputCount: number;
  /** Units in the narrow middle: fewer than features, or there is nothing to learn. */
  readonly hiddenCount?: number;
  /** Of the first weights. Default 1. */
  readonly seed?: number;
}

/**
 * A network that is to give back its own input through a narrow middle. What it cannot give back is
 * unlike what came before: its cost is large, and an anomaly score makes a probability of it. For
 * standardised features without missing values; x is its own y.
 */
export const autoencoder = ({
  inputCount,
  hiddenCount = Math.ceil(inputCount / 4),
  seed = 1,
}: AutoencoderOptions): Network =>
  new Network({
    sizes: [inputCount, hiddenCount, inputCount],
    activations: ['tanh', 'identity'],
    loss: 'halfSquaredError',
    optimizer: rmsprop({ learningRate: 0.01, decay: 0.999, biasCorrection: true }),
    seed,
  });
