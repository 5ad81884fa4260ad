import { Prover } from './judge';
import { runCareProofs } from './run-care-proofs';
import { runFlaskProofs } from './run-flask-proofs';
import { runGeolocationProofs } from './run-geolocation-proofs';
import { runPlatformProofs } from './run-platform-proofs';
import { runVotingProofs } from './run-voting-proofs';
import { RunOptions } from '../run/options';

/** Proves an example; its variants are given as assemblies by their names. */
export type Proofs = (options: RunOptions, variants: Readonly<Record<string, string>>, prover: Prover) => Promise<void>;

/** By the folder of the example. */
export const PROOFS: Readonly<Record<string, Proofs>> = {
  care: runCareProofs,
  'flask-nginx': runFlaskProofs,
  geolocation: runGeolocationProofs,
  platform: runPlatformProofs,
  voting: runVotingProofs,
};
