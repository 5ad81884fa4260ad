import { PARAMETER_SECONDS, PLATFORM_OPERATOR_PROOFS } from './platform-operator-proofs';
import { PLATFORM_PROOFS } from './platform-proofs';
import { Open, prove } from './run-proofs';
import { RunOptions } from '../run/options';

/** Prove the platform example with its own images released; returns how many proofs failed. */
export async function runPlatformProofs(options: RunOptions, open: Open): Promise<number> {
  const count = { passed: 0, failed: 0 };
  // A stop waits for an open wait for messages, which is longer than stops may take here.
  const overrides = { ...options.overrides, PARAMETER_SECONDS: String(PARAMETER_SECONDS), RECEIVE_SECONDS: '2' };
  const proofs = [...PLATFORM_PROOFS, ...PLATFORM_OPERATOR_PROOFS];
  await prove({ ...options, overrides }, 'API, worker and job, with their images released', open, () => proofs, count);
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
