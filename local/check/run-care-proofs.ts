import { CARE_OPERATION_PROOFS, FORGET_SECONDS } from './care-operation-proofs';
import { CARE_DEPLOYMENT_PROOFS, CARE_UPLOAD_PROOFS } from './care-proofs';
import { CARE_ROLLOUT_PROOFS } from './care-rollout-proofs';
import { Open, prove } from './run-proofs';
import { RunOptions } from '../run/options';

/** Its services start within seconds, so that their grace period may be a fifth. */
const DEPLOYMENT_SCALE = 5;

/** Prove the care example with its own small app; returns how many proofs failed. */
export async function runCareProofs(options: RunOptions, open: Open): Promise<number> {
  const count = { passed: 0, failed: 0 };
  const overrides = { ...options.overrides, FORGET_SECONDS: String(FORGET_SECONDS) };
  const proofs = [...CARE_DEPLOYMENT_PROOFS, ...CARE_UPLOAD_PROOFS, ...CARE_OPERATION_PROOFS];
  await prove({ ...options, overrides }, 'Django, Celery, Redis, PostgreSQL and a bucket', open, () => proofs, count);
  await prove(
    { ...options, overrides, timeScale: DEPLOYMENT_SCALE },
    'deployments with migrations, under load',
    open,
    () => CARE_ROLLOUT_PROOFS,
    count,
  );
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
