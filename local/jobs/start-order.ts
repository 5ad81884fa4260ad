import { JobPlan } from './job-plan';
import { ServiceScheduler } from '../ecs/scheduler';

/** What a deployment does with a resource until it is complete. */
export interface Step {
  readonly key: string;
  readonly after: readonly string[];
  readonly run: () => Promise<unknown>;
}

/**
 * Starts services and deployment jobs in the order of the template: as in CloudFormation, a service waits until the services before it are
 * steady and the jobs before it have succeeded, and a job that fails ends the deployment.
 */
export async function inOrder(
  services: readonly ServiceScheduler[],
  jobs: readonly JobPlan[],
  { run, steady }: { run: (job: JobPlan) => Promise<unknown>; steady: (service: ServiceScheduler) => Promise<void> },
): Promise<void> {
  const steps: Step[] = [
    ...services.map((service) => ({ ...service.plan, run: () => service.start().then(() => steady(service)) })),
    ...jobs.filter(({ start }) => start.kind === 'deployment').map((job) => ({ ...job, run: () => run(job) })),
  ];
  await Promise.all(runSteps(steps));
}

/** Runs each step after those that it waits for; what waits for a step that fails does not run. */
export function runSteps(steps: readonly Step[]): Promise<unknown>[] {
  const complete = new Map<string, Promise<unknown>>();
  const begin = (step: Step, above: readonly string[] = []): Promise<unknown> => {
    if (above.includes(step.key)) throw new Error(`circular dependency: ${[...above, step.key].join(' -> ')}`);
    const known = complete.get(step.key);
    if (known) return known;
    const before = steps.filter(({ key }) => step.after.includes(key)).map((each) => begin(each, [...above, step.key]));
    const promise = Promise.all(before).then(step.run);
    complete.set(step.key, promise);
    return promise;
  };
  return steps.map((step) => begin(step));
}
