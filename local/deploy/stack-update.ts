import { Changes, changesBetween, VersionPlan } from './changes';
import { Deployer } from './deployer';
import { DeploymentFailed } from './watch';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';
import { Resolver } from '../intrinsics/resolver';
import { JobRunner } from '../jobs/job-runner';
import { runSteps, Step } from '../jobs/start-order';

/** The parts of a run that an update of its stacks changes. */
export interface StackParts {
  readonly services: readonly ServiceScheduler[];
  readonly jobs: JobRunner;
  readonly deployer: Deployer;
  readonly frontDoor: { apply(resolver: Resolver): void };
  readonly engine: { apply(resolver: Resolver): Promise<void> };
  readonly say: (line: string) => void;
}

/**
 * Updates services and jobs in the order of the template, as CloudFormation does: target groups, rules and security groups first; a job that fails, or a
 * service that does not become steady, stops what waits for it, and what was updated goes back. Jobs do not run in a rollback.
 */
export async function updateStack(parts: StackParts, before: VersionPlan, after: VersionPlan): Promise<Changes> {
  const changes = changesBetween(before, after);
  const updated: { service: ServiceScheduler; former: ServicePlan }[] = [];
  const update = async (service: ServiceScheduler, plan: ServicePlan) => {
    const former = service.plan;
    await parts.deployer.deploy(service, plan);
    updated.push({ service, former });
  };
  const apply = async ({ resolver, jobs }: VersionPlan) => {
    parts.frontDoor.apply(resolver);
    await parts.engine.apply(resolver);
    parts.jobs.plans = jobs;
  };
  await apply(after);
  // What is under way when something fails comes to its end before the rollback.
  const outcomes = await Promise.allSettled(runSteps(stepsOf(parts, changes, after, update)));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as Error).message] : []));
  if (failures.length === 0) return changes;
  const [reason] = failures;
  parts.say(`UPDATE_ROLLBACK_IN_PROGRESS: ${reason}`);
  await apply(before);
  await Promise.all(updated.map(({ service, former }) => parts.deployer.deploy(service, former)));
  throw new DeploymentFailed(`UPDATE_ROLLBACK_COMPLETE: ${reason}`);
}

function stepsOf(
  { services, jobs }: StackParts,
  changes: Changes,
  after: VersionPlan,
  update: (service: ServiceScheduler, plan: ServicePlan) => Promise<void>,
): Step[] {
  const nothing = async () => undefined;
  return [
    ...after.services.map((plan) => {
      const service = services.find((each) => each.plan.key === plan.key)!;
      return { ...plan, run: changes.services.includes(plan) ? () => update(service, plan) : nothing };
    }),
    ...after.jobs
      .filter(({ start }) => start.kind === 'deployment')
      .map((job) => ({ ...job, run: changes.jobs.includes(job) ? () => jobs.run(job) : nothing })),
  ];
}
