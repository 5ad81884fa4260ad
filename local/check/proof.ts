import { Visitor } from './visitor';

/** One thing that must be true of a running template. Returns what was seen, or throws with what was seen instead. */
export interface Proof {
  readonly name: string;
  prove(visitor: Visitor): Promise<string>;
}
