import { CARE_OPERATION_PROOFS, FORGET_SECONDS } from './care-operation-proofs';
import { CARE_DEPLOYMENT_PROOFS, CARE_UPLOAD_PROOFS } from './care-proofs';
import { CARE_ROLLOUT_PROOFS } from './care-rollout-proofs';
import { Prover } from './judge';
import { RunOptions } from '../run/options';

/** Its services start within seconds, so that their grace period may be a fifth; a container takes longer on a busy machine. */
const DEPLOYMENT_SCALE = { process: 5, container: 3 };

/** With its own small app. */
export async function runCareProofs(given: RunOptions, _variants: object, prover: Prover): Promise<void> {
  const options = { ...given, overrides: { ...given.overrides, FORGET_SECONDS: String(FORGET_SECONDS) } };
  const proofs = [...CARE_DEPLOYMENT_PROOFS, ...CARE_UPLOAD_PROOFS, ...CARE_OPERATION_PROOFS];
  let kind: keyof typeof DEPLOYMENT_SCALE = 'process';
  await prover.prove(options, 'Django, Celery, Redis, PostgreSQL and a bucket', (run) => {
    kind = run.engine!.kind;
    return proofs;
  });
  const shorter = { ...options, timeScale: DEPLOYMENT_SCALE[kind] };
  await prover.prove(shorter, 'deployments with migrations, under load', () => CARE_ROLLOUT_PROOFS);
}
