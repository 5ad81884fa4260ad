import { Open, prove } from './run-proofs';
import { VOTING_MANAGED_PROOFS } from './voting-managed-proofs';
import { VOTING_PROOFS } from './voting-proofs';
import { RunOptions } from '../run/options';

/** Prove the voting example: as it is by default, and the variants given as `name=assembly`; returns how many proofs failed. */
export async function runVotingProofs(options: RunOptions, variants: Record<string, string>, open: Open): Promise<number> {
  const count = { passed: 0, failed: 0 };
  await prove(options, 'default template: votes on a file system', open, () => VOTING_PROOFS, count);
  for (const [name, assembly] of Object.entries(variants)) {
    const proofs = name === 'elasticache' ? VOTING_MANAGED_PROOFS : VOTING_PROOFS;
    await prove({ ...options, assembly }, `variant ${name}`, open, () => proofs, count);
  }
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
