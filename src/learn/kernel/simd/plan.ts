import { byteLengthOf, capacityOf } from '../../../math/moment-arrays.ts';

/**
 * Where everything lies in the block of one network, in bytes from its start. All vectors are
 * padded with zeros to four lanes. `inputs` and `outputs` count capacity, which may be more than
 * is in use: a network that grows fills its padding.
 */
export interface Plan {
  readonly layers: readonly LayerPlan[];
  /** Two doubles that belong to the optimizer. */
  readonly scalarsAt: number;
  /** All weights and biases; each array of optimizer memory follows, as long as these. */
  readonly parametersAt: number;
  readonly parametersLength: number;
  /** How many arrays the optimizer has beside the parameters. */
  readonly memoryCount: number;
  /** Where the gradient of a batch is added up, as long as the parameters. Absent: no batches. */
  readonly gradientAt?: number;
  /** What the latest sample was predicted to be. */
  readonly lastPredictionAt: number;
  /** The moments of the inputs, where x is standardised. */
  readonly moments?: { readonly at: number; readonly capacity: number };
  /** Samples that wait to be learned: all x, all y, and their costs when they are learned. */
  readonly stage: {
    readonly count: number;
    readonly x: Area;
    readonly y: Area;
    readonly costs: Area;
  };
  readonly byteLength: number;
}

/** Several things of the same length, one after the other. */
export interface Area {
  readonly at: number;
  readonly stride: number;
}

/** One layer: its weights, and the units that it computes. */
export interface LayerPlan {
  readonly inputs: number;
  readonly outputs: number;
  /** Vectors of four units in the output. */
  readonly vectors: number;
  /**
   * `columns`: input-major in blocks of outputs, so that the sums of a block stay in registers and
   * no lanes are added up. `rows`: output-major, so that (W)ᵀδ needs no adding up either.
   */
  readonly order: 'columns' | 'rows';
  /** Columns: how many vectors of outputs a block has, in order. Rows: empty. */
  readonly blocks: readonly number[];
  /** Rows: bytes from one row to the next. */
  readonly rowStride: number;
  readonly weightsAt: number;
  readonly biasesAt: number;
  /** Masks of the units in use: all bits of a lane, or none. */
  readonly masksAt: number;
  /** z: stored for the output layer, and where the derivative of the activation reads it. */
  readonly zAt: number;
  readonly hAt: number;
  readonly deltasAt: number;
}

/** What a plan is made for. */
export interface PlanOptions extends Pick<Plan, 'memoryCount'> {
  /** The capacity of each layer, in units. */
  readonly sizes: readonly number[];
  /** Whether it includes a buffer for the gradient of a batch. */
  readonly isBatched: boolean;
  /** Whether x is standardised. */
  readonly isStandardised: boolean;
}

/**
 * Six sums, the six weights that V8 11 loads before it multiplies any, and the input fit sixteen
 * registers. Eight were slower by a tenth.
 */
const blockVectorsMax = 6;
const stageBytesMax = 65_536;
const stageCountMax = 64;

const vectorsOf = (units: number): number => Math.ceil(units / 4);

/** Lays out the block of a network. */
export const plan = ({ sizes, memoryCount, isBatched, isStandardised }: PlanOptions): Plan => {
  let end = 0;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / 64) * 64;
    return at;
  };
  const scalarsAt = take(16);
  const units = sizes.slice(1).map((count) => {
    const bytes = 16 * vectorsOf(count);
    return { masksAt: take(bytes), zAt: take(bytes), hAt: take(bytes), deltasAt: take(bytes) };
  });
  const outputBytes = 16 * vectorsOf(sizes.at(-1)!);
  const lastPredictionAt = take(outputBytes);
  const inputBytes = 16 * vectorsOf(sizes[0]!);
  const count = Math.max(
    1,
    Math.min(stageCountMax, Math.floor(stageBytesMax / (inputBytes + outputBytes))),
  );
  const stage = {
    count,
    x: { at: take(count * inputBytes), stride: inputBytes },
    y: { at: take(count * outputBytes), stride: outputBytes },
    costs: { at: take(count * 4), stride: 4 },
  };
  const capacity = capacityOf(sizes[0]!);
  const moments = isStandardised && { at: take(byteLengthOf(capacity)), capacity };
  const parametersAt = end;
  const layers = units.map((at, l) => {
    const shape = layerShape(l, sizes[l]!, sizes[l + 1]!);
    const weightsAt = take(shape.weightBytes);
    return { ...shape, ...at, weightsAt, biasesAt: take(16 * shape.vectors) };
  });
  const parametersLength = end - parametersAt;
  const memoryEnd = parametersAt + parametersLength * (1 + memoryCount);
  return {
    layers,
    scalarsAt,
    parametersAt,
    parametersLength,
    memoryCount,
    lastPredictionAt,
    stage,
    ...(moments && { moments }),
    ...(isBatched && { gradientAt: memoryEnd }),
    byteLength: isBatched ? memoryEnd + parametersLength : memoryEnd,
  };
};

const layerShape = (index: number, inputs: number, outputs: number) => {
  const vectors = vectorsOf(outputs);
  // Few outputs would leave most lanes of a column empty.
  const isColumns = index === 0 && (outputs > 6 || outputs === 4);
  const rowStride = isColumns ? 0 : 16 * vectorsOf(inputs);
  return {
    inputs,
    outputs,
    vectors,
    order: isColumns ? ('columns' as const) : ('rows' as const),
    blocks: isColumns ? blocksOf(vectors) : [],
    rowStride,
    weightBytes: isColumns ? 16 * vectors * inputs : rowStride * outputs,
  };
};

/** As few blocks as possible, all of about the same width. */
const blocksOf = (vectors: number): number[] => {
  const count = Math.ceil(vectors / blockVectorsMax);
  return Array.from(
    { length: count },
    (_, block) =>
      Math.floor(((block + 1) * vectors) / count) - Math.floor((block * vectors) / count),
  ).sort((a, b) => b - a);
};
