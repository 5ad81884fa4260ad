import { PlainNetwork } from './plain-network';

/** What stands in the network, and one line of `pairs()` that is there for it, or is not. */
export type Case = readonly [title: string, arrange: (shop: PlainNetwork) => void, pair: string];

export interface Row {
  readonly open: Case[];
  readonly closed: Case[];
}
