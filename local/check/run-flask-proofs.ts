import { DeploymentCase, rollingProofs } from './deployment-proofs';
import { FLASK_DATABASE_PROOFS } from './flask-database-proofs';
import { FLASK_PROOFS } from './flask-proofs';
import { FLASK_UNIT_TESTS } from './flask-unit-tests';
import { Prover } from './judge';
import { LinksClient } from './links-client';
import { expect } from './visitor';
import { RunOptions } from '../run/options';

/** Its services start within seconds, so that their grace period may be a quarter. */
const DEPLOYMENT_SCALE = 4;

const LINKS: DeploymentCase = {
  containers: ['nginx', 'flask-app'],
  ask: async (visitor) => {
    const { status } = await new LinksClient(visitor).get('/api/links?limit=1');
    expect(status === 200, `the newest link answered ${status}`);
  },
};

/** As production has it. */
export async function runFlaskProofs(options: RunOptions, _variants: object, prover: Prover): Promise<void> {
  const proofs = [FLASK_UNIT_TESTS, ...FLASK_PROOFS, ...FLASK_DATABASE_PROOFS];
  await prover.prove(options, 'production: Nginx, Flask, Redis and PostgreSQL', () => proofs);
  const shorter = { ...options, timeScale: DEPLOYMENT_SCALE };
  await prover.prove(shorter, 'deployments under load', () => rollingProofs(LINKS));
}
