/** How much a member of a mix is trusted. */
export interface Trust {
  readonly name: string;
  /** Its share in the mix: all sum to 1. */
  readonly weight: number;
}
