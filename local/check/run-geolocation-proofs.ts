import { cacheProofs, hitProof, L1_SECONDS } from './cache-proofs';
import { hostStopProof, hostStopRollbackProof, rollingProofs } from './deployment-proofs';
import { LOOKUPS_PASS } from './firewall-proofs';
import { FRONT_DOOR_PROOFS } from './front-door-proofs';
import { Prover } from './judge';
import { lookup, publicAddresses } from './lookups';
import { Proof } from './proof';
import { REDIS_HOST_PROOFS } from './redis-host-proofs';
import { UpstreamStub } from './upstream-stub';
import { Visitor } from './visitor';
import { LocalRun } from '../run/local-run';
import { RunOptions } from '../run/options';
import { jsonOf } from '../secrets/secret-values';

/** Its services start within a second as processes, so that their grace period may be a tenth; a container takes some seconds. */
const DEPLOYMENT_SCALE = { process: 10, container: 3 };

/** As it is by default, with strict requirements, and with the upstream provider on each of two stores. */
export async function runGeolocationProofs(
  options: RunOptions,
  { strict, upstream, elasticache }: Readonly<Record<string, string>>,
  prover: Prover,
): Promise<void> {
  let kind: keyof typeof DEPLOYMENT_SCALE = 'process';
  await prover.prove(options, 'default template', (run) => {
    kind = run.engine!.kind;
    return FRONT_DOOR_PROOFS;
  });
  await prover.prove({ ...options, assembly: strict }, 'template with strict requirements', () => [
    ...FRONT_DOOR_PROOFS,
    LOOKUPS_PASS,
  ]);
  await proveCache({ ...options, assembly: upstream }, 'template with the upstream provider', prover, (provider) => [
    ...REDIS_HOST_PROOFS,
    ...cacheProofs(provider),
  ]);
  await proveCache({ ...options, assembly: elasticache }, 'the same with ElastiCache', prover, (provider) => [
    hitProof('GEO-13: with another store, a lookup is a MISS, then a HIT from it, and is paid for once', provider),
  ]);
  await proveDeployments({ ...options, timeScale: DEPLOYMENT_SCALE[kind] }, prover);
}

async function proveCache(
  options: RunOptions,
  title: string,
  prover: Prover,
  proofsOf: (upstream: UpstreamStub) => readonly Proof[],
): Promise<void> {
  const upstream = new UpstreamStub();
  const overrides = { ...options.overrides, UPSTREAM_URL: await upstream.start(), L1_SECONDS: String(L1_SECONDS) };
  await prover.prove({ ...options, overrides }, title, (run) => {
    upstream.key = apiKeyOf(run);
    return proofsOf(upstream);
  });
  upstream.stop();
}

/** A run for each host that stops, since no other one comes. */
async function proveDeployments(options: RunOptions, prover: Prover): Promise<void> {
  const addresses = publicAddresses();
  const of = { containers: ['api', 'frontend'], ask: (visitor: Visitor) => lookup(visitor, String(addresses.next().value)) };
  await prover.prove(options, 'deployments under load', () => [...rollingProofs(of), hostStopProof(of)]);
  await prover.prove(options, 'a host stops while a deployment fails', () => [hostStopRollbackProof(of)]);
}

/** The key that the template tells the API to read: the value, or the field, of the secret named in its environment. */
function apiKeyOf(run: LocalRun): string {
  for (const { plan } of run.services) {
    for (const { environment } of plan.task.containers) {
      const secret = environment.SECRET_NAME === undefined ? undefined : run.secrets.find(environment.SECRET_NAME);
      if (!secret) continue;
      const field = environment.SECRET_KEY;
      return field ? String(jsonOf(secret)?.[field]) : secret.value;
    }
  }
  throw new Error('no container of this template names a secret in SECRET_NAME');
}
