import * as path from 'node:path';
import { withBakeTime } from './another-version';
import { REFUSALS } from './firewall-proofs';
import { Prover } from './judge';
import { PLATFORM_DEPLOYMENT_PROOFS } from './platform-deployment-proofs';
import { PARAMETER_SECONDS, PLATFORM_OPERATOR_PROOFS } from './platform-operator-proofs';
import { PLATFORM_PROOFS } from './platform-proofs';
import { RunOptions } from '../run/options';

/** The template has ten. */
const BAKE_MINUTES = 1;
/** Its services start within seconds, so that their grace period may be a fifth; a container takes longer on a busy machine. */
const DEPLOYMENT_SCALE = { process: 5, container: 3 };

/** With its own images released. */
export async function runPlatformProofs(given: RunOptions, _variants: object, prover: Prover): Promise<void> {
  // A stop waits for an open wait for messages, which the time scale does not make shorter.
  const overrides = { ...given.overrides, PARAMETER_SECONDS: String(PARAMETER_SECONDS), RECEIVE_SECONDS: '2' };
  const options = { ...given, overrides };
  const proofs = [...PLATFORM_PROOFS, REFUSALS, ...PLATFORM_OPERATOR_PROOFS];
  let kind: keyof typeof DEPLOYMENT_SCALE = 'process';
  await prover.prove(options, 'API, worker and job, with their images released', (run) => {
    kind = run.engine!.kind;
    return proofs;
  });
  const baked = path.join(options.root, '.cache', 'demo', 'synth', 'baked', 'platform');
  const assembly = withBakeTime(options.assembly, baked, BAKE_MINUTES);
  const title = `deployments under load, with a bake time of ${BAKE_MINUTES} minute`;
  await prover.prove({ ...options, assembly, timeScale: DEPLOYMENT_SCALE[kind] }, title, () => PLATFORM_DEPLOYMENT_PROOFS);
}
