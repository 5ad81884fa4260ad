import * as path from 'node:path';
import { anotherVersion, ContainerChange, neverHealthy, release } from './another-version';
import { Proof } from './proof';
import { LoadResult, underLoad } from './steady-load';
import { expect, until, Visitor } from './visitor';
import { ServiceScheduler } from '../ecs/scheduler';

/** What the proofs of deployments deploy, and how a user asks meanwhile. */
export interface DeploymentCase {
  /** A container of each service that is deployed. */
  readonly containers: readonly string[];
  /** Asks once, and throws if the answer is not the right one. */
  ask(visitor: Visitor): Promise<unknown>;
}

const PAUSE_MS = 20;
const BROKEN = /Circuit Breaker was triggered/;

/** A good version, and one that never gets healthy, under load. */
export function rollingProofs(of: DeploymentCase): Proof[] {
  return [
    {
      name: 'a good version replaces every task, and no request fails',
      prove: async (visitor) => {
        const least = watchLeast(visitor, of);
        const result = await load(visitor, of, () => deploy(visitor, of, (container) => release(container, 2)));
        expectNone(result);
        expectRelease(visitor, of, 2);
        return `${result.asked} requests, 0 failures; ${least()}`;
      },
    },
    {
      name: 'a version that never gets healthy is rolled back by the circuit breaker, and no request fails',
      prove: async (visitor) => {
        const before = servicesOf(visitor, of).flatMap(({ tasks }) => tasks);
        const result = await load(visitor, of, () => expectFailure(deploy(visitor, of, neverHealthy), BROKEN));
        expectNone(result);
        const after = servicesOf(visitor, of).flatMap(({ tasks }) => tasks);
        expect(
          after.every((task) => before.includes(task)),
          'tasks of the former version were exchanged',
        );
        return `${result.asked} requests, 0 failures; the ${after.length} former tasks still answer`;
      },
    },
  ];
}

/** A container instance stops in the middle of a good deployment. */
export function hostStopProof(of: DeploymentCase): Proof {
  return {
    name: 'a host stops during a deployment: requests fail until health checks notice, and none that begins later',
    prove: async (visitor) => {
      const seen = await loadWhileHostStops(visitor, of, () => deploy(visitor, of, (container) => release(container, 3)));
      expectRelease(visitor, of, 3);
      return seen;
    },
  };
}

/** A container instance stops in the middle of a deployment that is rolled back. */
export function hostStopRollbackProof(of: DeploymentCase): Proof {
  return {
    name: 'a host stops during a deployment that never gets healthy: it is rolled back, the lost tasks are replaced by their own version',
    prove: async (visitor) => {
      const former = servicesOf(visitor, of).map(({ plan }) => plan);
      const seen = await loadWhileHostStops(visitor, of, () => expectFailure(deploy(visitor, of, neverHealthy), BROKEN));
      const services = servicesOf(visitor, of);
      await until('all tasks are back', 60_000, () => services.every(({ current }) => current.tasks.length === current.wanted));
      const exact = services.every(({ plan, tasks }) => former.includes(plan) && tasks.every(({ service }) => service === plan));
      expect(exact, 'a task of the bad version is left');
      return seen;
    },
  };
}

export function servicesOf({ run }: Visitor, { containers }: Pick<DeploymentCase, 'containers'>): ServiceScheduler[] {
  return run.services.filter(({ plan }) => plan.task.containers.some(({ name }) => containers.includes(name)));
}

/** Deploys a copy of the assembly that runs, with each of the containers changed. */
export async function deploy(
  { run }: Visitor,
  { containers }: Pick<DeploymentCase, 'containers'>,
  change: (container: string) => ContainerChange,
): Promise<void> {
  const next = path.join(run.directory, `assembly-${Date.now()}`);
  await run.deploy(anotherVersion(run.assembly.directory, next, containers.map(change)));
}

export function load(visitor: Visitor, of: DeploymentCase, during: () => Promise<unknown>): Promise<LoadResult> {
  return underLoad(
    PAUSE_MS,
    async () => void (await of.ask(visitor)),
    async () => void (await during()),
  );
}

export function expectNone({ asked, failures }: LoadResult): void {
  expect(failures.length === 0, `${failures.length} of ${asked} failed: ${failures[0]}`);
}

export async function expectFailure(deployment: Promise<unknown>, reason: RegExp): Promise<void> {
  const message = await deployment.then(
    () => 'it succeeded',
    (error: Error) => error.message,
  );
  expect(/UPDATE_ROLLBACK_COMPLETE/.test(message) && reason.test(message), `the deployment was to be rolled back: ${message}`);
}

export function expectRelease(visitor: Visitor, of: Pick<DeploymentCase, 'containers'>, number: number): void {
  for (const { plan, tasks } of servicesOf(visitor, of)) {
    const all = tasks.map(({ service }) => service.task.containers.find(({ name }) => of.containers.includes(name))!);
    const releases = all.map(({ settings }) => settings.labels.release);
    const whole = releases.length === plan.desiredCount && releases.every((each) => each === String(number));
    expect(whole, `${plan.label} runs releases ${releases.join() || '(none)'}`);
  }
}

/** Looks at the numbers of healthy and of all tasks until the returned function is called, which says the extremes. */
function watchLeast(visitor: Visitor, of: DeploymentCase): () => string {
  const services = servicesOf(visitor, of);
  const seen = services.map(() => ({ least: Infinity, most: 0 }));
  const timer = setInterval(() => {
    services.forEach((service, i) => {
      const healthy = service.revisions.reduce((sum, revision) => sum + service.healthy(revision), 0);
      seen[i] = { least: Math.min(seen[i].least, healthy), most: Math.max(seen[i].most, service.tasks.length) };
    });
  }, 20);
  return () => {
    clearInterval(timer);
    services.forEach(({ plan, limits }, i) => {
      expect(
        seen[i].least >= limits.least,
        `${plan.label} had only ${seen[i].least} healthy tasks, the minimum is ${limits.least}`,
      );
      expect(seen[i].most <= limits.most, `${plan.label} had ${seen[i].most} tasks, the maximum is ${limits.most}`);
    });
    return services.map(({ plan }, i) => `${plan.label} had ${seen[i].least} healthy to ${seen[i].most} tasks`).join(', ');
  };
}

/** Requests that began after the load balancers had noticed must not fail; what failed before is the bound. */
async function loadWhileHostStops(visitor: Visitor, of: DeploymentCase, deployment: () => Promise<unknown>): Promise<string> {
  let noticedAt = Infinity;
  const result = await load(visitor, of, async () => {
    const deploying = deployment();
    deploying.catch(() => undefined);
    await until('the deployment has begun', 10_000, () => servicesOf(visitor, of).some(({ revisions }) => revisions.length > 1));
    noticedAt = await hostStopped(visitor);
    await deploying;
  });
  const { asked, failures, lastFailureAt = 0 } = result;
  expect(lastFailureAt <= noticedAt, `a request failed that began after the lost targets were unhealthy: ${failures.at(-1)}`);
  return `${failures.length} of ${asked} requests failed, all of which began before the lost targets were unhealthy: ${boundOf(visitor)}`;
}

/** Stops the first host; resolves with the time at which no load balancer sends requests to its tasks any more. */
async function hostStopped({ run }: Visitor): Promise<number> {
  const [host] = run.workload.hosts;
  expect(host !== undefined, 'the template has no container instances');
  const lost = new Set(run.tasks.filter(({ placement }) => placement.host === host).map(({ id }) => id));
  expect(lost.size > 0, `no task runs on ${host}`);
  await run.workload.loseHost(host);
  const targets = () => [...run.groups.values()].flatMap((group) => group.targets).filter(({ id }) => lost.has(id));
  await until('the load balancers notice', 60_000, () => targets().every(({ state }) => state !== 'healthy'));
  return Date.now();
}

function boundOf({ run }: Visitor): string {
  const { check } = [...run.groups.values()][0].plan;
  return `${check.unhealthyThreshold} checks, ${run.time.describe(check.intervalMs)} apart`;
}
