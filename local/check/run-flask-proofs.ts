import { FLASK_DATABASE_PROOFS } from './flask-database-proofs';
import { FLASK_PROOFS } from './flask-proofs';
import { FLASK_UNIT_TESTS } from './flask-unit-tests';
import { Open, prove } from './run-proofs';
import { RunOptions } from '../run/options';

/** Prove the flask-nginx example as production has it; returns how many proofs failed. */
export async function runFlaskProofs(options: RunOptions, open: Open): Promise<number> {
  const count = { passed: 0, failed: 0 };
  const proofs = [FLASK_UNIT_TESTS, ...FLASK_PROOFS, ...FLASK_DATABASE_PROOFS];
  await prove(options, 'production: Nginx, Flask, Redis and PostgreSQL', open, () => proofs, count);
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}
