/**
 * What one would write without a library: backpropagation of a network with one hidden layer of
 * sigmoids, half squared error and gradient descent, as loops over Float64Array.
 */
export class PlainLoops {
  readonly #sizes: readonly [number, number, number];
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #hidden: Float64Array;
  readonly #output: Float64Array;
  readonly #deltas: Float64Array;

  constructor(sizes: readonly [number, number, number]) {
    const [inputs, hidden, outputs] = sizes;
    this.#sizes = sizes;
    // Each row ends with its bias.
    this.#first = Float64Array.from({ length: hidden * (inputs + 1) }, (_, i) => Math.sin(i) / 9);
    this.#second = Float64Array.from({ length: outputs * (hidden + 1) }, (_, i) => Math.sin(i) / 9);
    this.#hidden = new Float64Array(hidden);
    this.#output = new Float64Array(outputs);
    this.#deltas = new Float64Array(hidden);
  }

  learn(x: Float64Array, y: Float64Array, rate: number): number {
    forward(this.#first, x, this.#hidden);
    forward(this.#second, this.#hidden, this.#output);
    this.#deltas.fill(0);
    let cost = 0;
    const [, hidden, outputs] = this.#sizes;
    for (let k = 0; k < outputs; k++) {
      const h = this.#output[k]!;
      const error = h - y[k]!;
      cost += (error * error) / 2;
      const delta = error * h * (1 - h);
      const row = k * (hidden + 1);
      for (let j = 0; j < hidden; j++) {
        this.#deltas[j]! += this.#second[row + j]! * delta;
        this.#second[row + j]! -= rate * delta * this.#hidden[j]!;
      }
      this.#second[row + hidden]! -= rate * delta;
    }
    this.#descendFirst(x, rate);
    return cost;
  }

  #descendFirst(x: Float64Array, rate: number): void {
    const [inputs, hidden] = this.#sizes;
    for (let j = 0; j < hidden; j++) {
      const h = this.#hidden[j]!;
      const step = rate * this.#deltas[j]! * h * (1 - h);
      const row = j * (inputs + 1);
      for (let i = 0; i < inputs; i++) this.#first[row + i]! -= step * x[i]!;
      this.#first[row + inputs]! -= step;
    }
  }
}

const forward = (weights: Float64Array, input: Float64Array, output: Float64Array): void => {
  const inputs = input.length;
  for (let j = 0; j < output.length; j++) {
    const row = j * (inputs + 1);
    let sum = weights[row + inputs]!;
    for (let i = 0; i < inputs; i++) sum += weights[row + i]! * input[i]!;
    output[j] = 1 / (1 + Math.exp(-sum));
  }
};
