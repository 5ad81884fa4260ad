import { HUNG_PAGE } from './hung-page-proof';
import { Prover } from './judge';
import { VOTING_DATABASE_PROOFS } from './voting-database-proofs';
import { VOTING_MANAGED_PROOFS } from './voting-managed-proofs';
import { VOTING_PAGE_PROOFS, VOTING_PROOFS } from './voting-proofs';
import { RunOptions } from '../run/options';

/** As it is by default, without persistence, with a managed store, and with a database. */
export async function runVotingProofs(
  options: RunOptions,
  { none, elasticache, postgres }: Readonly<Record<string, string>>,
  prover: Prover,
): Promise<void> {
  await prover.prove(options, 'default template: votes on a file system', ({ engine }) => [
    ...VOTING_PROOFS,
    ...(engine?.kind === 'process' ? [HUNG_PAGE] : []),
  ]);
  await prover.prove({ ...options, assembly: none }, 'Redis without persistence', () => VOTING_PROOFS);
  await prover.prove({ ...options, assembly: elasticache }, 'ElastiCache in the place of Redis', () => VOTING_MANAGED_PROOFS);
  const [answers] = VOTING_PAGE_PROOFS;
  await prover.prove({ ...options, assembly: postgres }, 'votes in PostgreSQL', () => [answers, ...VOTING_DATABASE_PROOFS]);
}
