/** How much a member of a mix is trusted. */
export interface Trust {
  /** The name of the expert. */
  readonly name: string;
  /** Its share in the mix: all sum to 1. */
  readonly weight: number;
}
