import { cacheProofs, L1_SECONDS } from './cache-proofs';
import { hostStopProof, hostStopRollbackProof, rollingProofs } from './deployment-proofs';
import { LOOKUPS_PASS } from './firewall-proofs';
import { FRONT_DOOR_PROOFS } from './front-door-proofs';
import { lookup, publicAddresses } from './lookups';
import { Proof } from './proof';
import { UpstreamStub } from './upstream-stub';
import { Visitor } from './visitor';
import { LocalRun } from '../run/local-run';
import { RunOptions } from '../run/options';
import { jsonOf } from '../secrets/secret-values';

/** Its services start within a second as processes, so that their grace period may be a tenth; a container takes some seconds. */
const DEPLOYMENT_SCALE = { process: 10, container: 4 };

export type Open = (options: RunOptions) => Promise<LocalRun>;

/** Prove the geolocation example: as it is by default, with strict requirements, and with the upstream provider; returns how many proofs failed. */
export async function runProofs(
  options: RunOptions,
  upstreamAssembly: string | undefined,
  variants: Record<string, string>,
  open: Open,
): Promise<number> {
  const count = { passed: 0, failed: 0 };
  let kind: keyof typeof DEPLOYMENT_SCALE = 'process';
  const proofs = (run: LocalRun) => {
    kind = run.engine!.kind;
    return FRONT_DOOR_PROOFS;
  };
  await prove(options, 'default template', open, proofs, count);
  for (const [name, assembly] of Object.entries(variants)) {
    await prove(
      { ...options, assembly },
      `template with ${name} requirements`,
      open,
      () => [...FRONT_DOOR_PROOFS, LOOKUPS_PASS],
      count,
    );
  }
  if (upstreamAssembly !== undefined) {
    const upstream = new UpstreamStub();
    const overrides = { ...options.overrides, UPSTREAM_URL: await upstream.start(), L1_SECONDS: String(L1_SECONDS) };
    await prove(
      { ...options, assembly: upstreamAssembly, overrides },
      'template with the upstream provider',
      open,
      (run) => {
        upstream.key = apiKeyOf(run);
        return cacheProofs(upstream);
      },
      count,
    );
    upstream.stop();
  }
  await proveDeployments({ ...options, timeScale: DEPLOYMENT_SCALE[kind] }, open, count);
  options.say(`\nproofs: ${count.passed} passed, ${count.failed} failed`);
  return count.failed;
}

/** A run for each host that stops, since no other one comes. */
export async function proveDeployments(options: RunOptions, open: Open, count: { passed: number; failed: number }): Promise<void> {
  const addresses = publicAddresses();
  const of = { containers: ['api', 'frontend'], ask: (visitor: Visitor) => lookup(visitor, String(addresses.next().value)) };
  await prove(options, 'deployments under load', open, () => [...rollingProofs(of), hostStopProof(of)], count);
  await prove(options, 'a host stops while a deployment fails', open, () => [hostStopRollbackProof(of)], count);
}

/** Start a template, judge its proofs, stop it. */
export async function prove(
  options: RunOptions,
  title: string,
  open: Open,
  proofsOf: (run: LocalRun) => readonly Proof[],
  count: { passed: number; failed: number },
): Promise<void> {
  let run: LocalRun | undefined;
  let stopping = false;
  const judge = async (name: string, proof: () => Promise<string>): Promise<boolean> => {
    const started = Date.now();
    try {
      const seen = await proof();
      options.say(`PASS  ${name} (${seen}; ${Date.now() - started} ms)`);
      count.passed++;
      return true;
    } catch (error) {
      // Somebody stops the run meanwhile; the process ends, and nothing is judged any more.
      if (run?.over && !stopping) return new Promise<never>(() => undefined);
      options.say(`FAIL  ${name}: ${(error as Error).message}`);
      count.failed++;
      return false;
    }
  };
  options.say(`\n${title}`);
  const up = await judge('everything in the template starts', async () => {
    run = await open(options);
    return `${run.tasks.length} tasks, ${run.loadBalancers.length} load balancers, ${run.redisServers.length} Redis outside of ECS`;
  });
  if (run && up) {
    const visitor = new Visitor(run);
    for (const proof of proofsOf(run)) await judge(proof.name, () => proof.prove(visitor));
  }
  stopping = true;
  await judge('everything stops', async () => {
    await run?.stop();
    const left = run?.leftOver ?? 0;
    if (left > 0) throw new Error(`${left} processes had to be killed`);
    return 'no process is left';
  });
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
