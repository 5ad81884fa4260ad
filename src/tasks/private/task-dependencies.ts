import { Stack } from 'aws-cdk-lib';
import { ContainerDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { AwsServiceName } from '../../core/private/aws-service-access';
import { ConstructState } from '../../core/private/construct-state';
import { isInEcr } from '../../core/private/ecr-image';

/** An AWS service that a task needs to start, and its purpose. */
export interface TaskDependency {
  readonly service: AwsServiceName;
  readonly purpose: string;
}

/** An image that is not in ECR. */
export interface ForeignImage {
  readonly container: string;
  readonly image: string;
  readonly registry: string;
  /** Indicates whether the image runs only until another one is deployed. */
  readonly isPlaceholder: boolean;
}

const calls = new ConstructState<TaskDependency[]>('taskCalls', () => []);

/** Records a service that a container of the task calls while it runs, which neither its options nor a connection declare. */
export function recordCall(taskDefinition: IConstruct, call: TaskDependency): void {
  calls.of(taskDefinition).push(call);
}

export function recordedCalls(taskDefinition: IConstruct): TaskDependency[] {
  return calls.find(taskDefinition) ?? [];
}

/** Returns the current containers: some can have been added to the task definition itself. */
export function containersOf(taskDefinition: TaskDefinition): ContainerDefinition[] {
  return taskDefinition.node.children.filter((child): child is ContainerDefinition => child instanceof ContainerDefinition);
}

/** Returns the services that ECS needs to start a container: for its image, secrets and logs. */
export function startDependencies(container: ContainerDefinition): TaskDependency[] {
  const of = (what: string) => `${what} of container ${container.containerName}`;
  const needs: TaskDependency[] = [];
  // Layers come from S3, by addresses that ECR gives out.
  if (imagesOf(container).some(isInEcr)) {
    needs.push(...(['ecr.api', 'ecr.dkr', 's3'] as const).map((service) => ({ service, purpose: of('the image') })));
  }
  if (container.logDriverConfig?.logDriver === 'awslogs') needs.push({ service: 'logs', purpose: of('the logs') });
  for (const { name, valueFrom } of secretsOf(container)) {
    needs.push({ service: storeOf(valueFrom), purpose: of(`the secret ${name}`) });
  }
  return needs;
}

/** Returns the images of a container that are known and not in Amazon ECR. */
export function foreignImages(container: ContainerDefinition): ForeignImage[] {
  const images = imagesOf(container);
  // A name that is known only at deployment may be one of ECR.
  const foreign = images.filter((image) => !isInEcr(image) && !image.startsWith('*'));
  return foreign.map((image) => {
    const [first] = image.split('/');
    const hasHost = image.includes('/') && /[.:]|^localhost$/.test(first);
    const registry = hasHost ? first : 'Docker Hub';
    return { container: container.containerName, image, registry, isPlaceholder: images.length > 1 };
  });
}

/** Returns the service that stores a secret of a container. */
export function storeOf(valueFrom: string): AwsServiceName {
  return /:ssm:[^:]*:[^:]*:parameter/.test(valueFrom) ? 'ssm' : 'secretsmanager';
}

function secretsOf(container: ContainerDefinition): { name: string; valueFrom: string }[] {
  const secrets = (container.renderContainerDefinition().secrets ?? []) as { name: string; valueFrom: string }[];
  return secrets.map(({ name, valueFrom }) => ({
    name,
    valueFrom: flatten(Stack.of(container).resolve(valueFrom)),
  }));
}

/** Returns the image, or both if a condition of the template decides: either can be pulled. */
function imagesOf(container: ContainerDefinition): string[] {
  return branches(Stack.of(container).resolve(container.imageName)).map(flatten);
}

function branches(value: unknown): unknown[] {
  const choice = (value as { 'Fn::If'?: [string, unknown, unknown] } | undefined)?.['Fn::If'];
  return choice ? choice.slice(1).flatMap(branches) : [value];
}

/** Returns a value in one piece, with `*` for the parts that are known only at deployment. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::Sub': sub } = (value ?? {}) as { 'Fn::Join'?: [string, unknown[]]; 'Fn::Sub'?: string | [string] };
  if (join) return join[1].map(flatten).join(join[0]);
  return sub === undefined ? '*' : [sub].flat()[0].replace(/\$\{[^}]*\}/g, '*');
}
