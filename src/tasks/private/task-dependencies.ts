import { Stack } from 'aws-cdk-lib';
import { ContainerDefinition, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { AwsServiceName } from '../../core/private/aws-routes';

/** An AWS service that a task cannot start without, and what for. */
export interface TaskNeed {
  readonly service: AwsServiceName;
  readonly purpose: string;
}

/** An image that is not in ECR. */
export interface ForeignImage {
  readonly container: string;
  readonly image: string;
  readonly registry: string;
}

/** The containers as they are now: some may have been added to the task definition itself. */
export function containersOf(taskDefinition: TaskDefinition): ContainerDefinition[] {
  return taskDefinition.node.children.filter((child): child is ContainerDefinition => child instanceof ContainerDefinition);
}

/** What ECS needs to start a container: its image, its secrets, its logs. */
export function startNeeds(container: ContainerDefinition): TaskNeed[] {
  const of = (what: string) => `${what} of container ${container.containerName}`;
  const needs: TaskNeed[] = [];
  // Layers come from S3, by addresses that ECR gives out.
  if (isInEcr(imageText(container))) {
    needs.push(...(['ecr.api', 'ecr.dkr', 's3'] as const).map((service) => ({ service, purpose: of('the image') })));
  }
  if (container.logDriverConfig?.logDriver === 'awslogs') needs.push({ service: 'logs', purpose: of('the logs') });
  for (const { name, valueFrom } of secretsOf(container)) {
    needs.push({ service: storeOf(valueFrom), purpose: of(`the secret ${name}`) });
  }
  return needs;
}

/** The image, if it is known and not in ECR. */
export function foreignImage(container: ContainerDefinition): ForeignImage | undefined {
  const image = imageText(container);
  // A name that is known only at deployment may be one of ECR.
  if (isInEcr(image) || image.startsWith('*')) return undefined;
  const [first] = image.split('/');
  const hasHost = image.includes('/') && /[.:]|^localhost$/.test(first);
  return { container: container.containerName, image, registry: hasHost ? first : 'Docker Hub' };
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

function imageText(container: ContainerDefinition): string {
  return flatten(Stack.of(container).resolve(container.imageName));
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
