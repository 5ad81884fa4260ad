import { FLASK_DATABASE_PROOFS } from './flask-database-proofs';
import { FLASK_PROOFS } from './flask-proofs';
import { FLASK_UNIT_TESTS } from './flask-unit-tests';
import { Prover } from './judge';
import { RunOptions } from '../run/options';

/** As production has it. */
export async function runFlaskProofs(options: RunOptions, _variants: object, prover: Prover): Promise<void> {
  const proofs = [FLASK_UNIT_TESTS, ...FLASK_PROOFS, ...FLASK_DATABASE_PROOFS];
  await prover.prove(options, 'production: Nginx, Flask, Redis and PostgreSQL', () => proofs);
}
