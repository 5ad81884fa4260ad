import * as path from 'node:path';
import { withBakeTime } from './another-version';
import { PLATFORM_DEPLOYMENT_PROOFS } from './platform-deployment-proofs';
import { PARAMETER_SECONDS, PLATFORM_OPERATOR_PROOFS } from './platform-operator-proofs';
import { PLATFORM_PROOFS } from './platform-proofs';
import { Open, prove } from './run-proofs';
import { RunOptions } from '../run/options';

/** The template has ten. */
const BAKE_MINUTES = 1;
/** Its services start within seconds, so that their grace period may be a fifth. */
const DEPLOYMENT_SCALE = 5;

/** Prove the platform example with its own images released; returns how many proofs failed. */
export async function runPlatformProofs(options: RunOptions, open: Open): Promise<number> {
  const count = { passed: 0, failed: 0 };
  // A stop waits for an open wait for messages, which the time scale does not make shorter.
  const overrides = { ...options.overrides, PARAMETER_SECONDS: String(PARAMETER_SECONDS), RECEIVE_SECONDS: '2' };
  const proofs = [...PLATFORM_PROOFS, ...PLATFORM_OPERATOR_PROOFS];
  await prove({ ...options, overrides }, 'API, worker and job, with their images released', open, () => proofs, count);
  const baked = path.join(options.root, '.cache', 'demo', 'synth', 'baked', 'platform');
  const assembly = withBakeTime(options.assembly, baked, BAKE_MINUTES);
  const title = `deployments under load, with a bake time of ${BAKE_MINUTES} minute`;
  await prove(
    { ...options, overrides, assembly, timeScale: DEPLOYMENT_SCALE },
    title,
    open,
    () => PLATFORM_DEPLOYMENT_PROOFS,
    count,
  );
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
