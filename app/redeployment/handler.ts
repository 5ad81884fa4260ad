import { CloudFormation, Ecs, SecretsManager, Service } from './aws-clients';

/** What the template says: a secret, and the services whose tasks received it when they started. */
export interface Rotated {
  readonly stack: string;
  readonly secret: string;
  /** ARNs, which contain the name of the cluster. */
  readonly services: string[];
}

/** The world outside of the handler. */
export interface World {
  readonly ecs: Ecs;
  readonly secretsManager: SecretsManager;
  readonly cloudFormation: CloudFormation;
  readonly log: (text: string) => void;
}

/**
 * Starts a deployment of every service that has had none since the last rotation of the secret. It looks at the state and not at an event,
 * so that it can be called at any time and any number of times: what has to wait now is done by a later call.
 */
export async function handle({ stack, secret, services }: Rotated, world: World): Promise<void> {
  const { LastRotatedDate: rotated } = await world.secretsManager.describeSecret({ SecretId: secret });
  if (!rotated) return world.log('the secret has never been rotated');
  const status = await statusOf(stack, world);
  // CloudFormation waits for its own deployment of a service, which another one would replace.
  if (status.endsWith('_IN_PROGRESS')) return world.log(`the stack is in ${status}; the next call looks again`);
  const outcomes = await Promise.allSettled(services.map((service) => redeploy(service, rotated, world)));
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [`${services[index]}: ${outcome.reason}`] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('; '));
}

async function statusOf(stack: string, world: World): Promise<string> {
  const { Stacks } = await world.cloudFormation.describeStacks({ StackName: stack });
  return Stacks?.[0]?.StackStatus ?? '';
}

async function redeploy(service: string, rotated: Date, world: World): Promise<void> {
  const cluster = service.split('/').at(-2)!;
  const { services = [] } = await world.ecs.describeServices({ cluster, services: [service] });
  const why = reasonToLeave(services[0]) ?? (await hasNewTasks(cluster, service, rotated, world));
  if (why) return world.log(`${service}: ${why}`);
  await world.ecs.updateService({ cluster, service, forceNewDeployment: true });
  return world.log(`${service}: redeployed after the rotation at ${rotated.toISOString()}`);
}

function reasonToLeave(service?: Service): string | undefined {
  if (service?.status !== 'ACTIVE') return 'it is not there';
  if (!service.desiredCount) return 'it has no tasks, and those to come read the secret';
  const isDeploying = service.deployments?.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  return isDeploying ? 'a deployment is in progress; the next call looks again' : undefined;
}

/** A deployment that was created since, even one that failed: a new version that does not start is not to be started for ever. */
async function hasNewTasks(cluster: string, service: string, after: Date, world: World): Promise<string | undefined> {
  const { serviceDeployments = [] } = await world.ecs.listServiceDeployments({ cluster, service, createdAt: { after } });
  return serviceDeployments.length > 0 ? 'it has been deployed since the rotation' : undefined;
}
