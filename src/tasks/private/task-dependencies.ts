import { Stack } from 'aws-cdk-lib';
import { ContainerDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { AwsServiceName } from '../../core/private/aws-service-access';
import { ConstructState } from '../../core/private/construct-state';

/** An AWS service that a task cannot start without, and what for. */
export interface TaskDependency {
  readonly service: AwsServiceName;
  readonly purpose: string;
}

/** An image that is not in ECR. */
export interface ForeignImage {
  readonly container: string;
  readonly image: string;
  readonly registry: string;
  /** Whether it only runs until there is another. */
  readonly isPlaceholder: boolean;
}

const calls = new ConstructState<TaskDependency[]>('taskCalls', () => []);

/** Notes a service that a container of the task calls while it runs, which neither its options nor a connection tell. */
export function recordCall(taskDefinition: IConstruct, call: TaskDependency): void {
  calls.of(taskDefinition).push(call);
}

export function recordedCalls(taskDefinition: IConstruct): TaskDependency[] {
  return calls.find(taskDefinition) ?? [];
}

/** The containers as they are now: some may have been added to the task definition itself. */
export function containersOf(taskDefinition: TaskDefinition): ContainerDefinition[] {
  return taskDefinition.node.children.filter((child): child is ContainerDefinition => child instanceof ContainerDefinition);
}

/** What ECS needs to start a container: its image, its secrets, its logs. */
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

/** The images of a container that are known and not in ECR. */
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

/** The service that holds a secret of a container. */
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

/** The image, or both where a condition of the template chooses: either may be the one that is pulled. */
function imagesOf(container: ContainerDefinition): string[] {
  return branches(Stack.of(container).resolve(container.imageName)).map(flatten);
}

function branches(value: unknown): unknown[] {
  const choice = (value as { 'Fn::If'?: [string, unknown, unknown] } | undefined)?.['Fn::If'];
  return choice ? choice.slice(1).flatMap(branches) : [value];
}

function isInEcr(image: string): boolean {
  return image.includes('.dkr.ecr.') || image.includes('.dkr-ecr.');
}

/** A value in one piece, with `*` for what is known only at deployment. */
export function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, 'Fn::Sub': sub } = (value ?? {}) as { 'Fn::Join'?: [string, unknown[]]; 'Fn::Sub'?: string | [string] };
  if (join) return join[1].map(flatten).join(join[0]);
  return sub === undefined ? '*' : [sub].flat()[0].replace(/\$\{[^}]*\}/g, '*');
}
