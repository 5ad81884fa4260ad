import { CfnService, Secret, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import {
  TaskDependency,
  containersOf,
  flatten,
  foreignImages,
  recordedCalls,
  startDependencies,
  storeOf,
} from './task-dependencies';
import { EndpointBinding, IEndpointClient } from '../../core/endpoint';
import { IMesh } from '../../core/mesh';
import {
  AWS_SERVICES,
  AwsServiceName,
  GATEWAY_SERVICES,
  calledServices,
  openAwsService,
} from '../../core/private/aws-service-access';
import { Violation, validateAtSynth } from '../../core/private/errors';
import { subnetEgress } from '../../core/private/subnet-egress';
import { Compute } from '../compute';

/** Tasks in a mesh, of a service or of a schedule. */
export interface RoutedTasks extends IEndpointClient {
  readonly mesh: IMesh;
  readonly taskDefinition: TaskDefinition;
  readonly compute?: Compute;
}

/**
 * The access of tasks to their image registry, logs and secrets: opened if the network creates it on demand, and checked at synthesis.
 */
export class TaskEgress {
  /** The services that the tasks call while they run, as declared by connections. */
  private readonly calls: TaskDependency[] = [];

  constructor(
    private readonly tasks: RoutedTasks,
    private readonly resource: IConstruct,
  ) {
    this.openForStart(
      containersOf(tasks.taskDefinition)
        .flatMap(startDependencies)
        .map(({ service }) => service),
    );
    if (resource instanceof CfnService && resource.enableExecuteCommand === true) {
      const key = tasks.mesh.cluster.executeCommandConfiguration?.kmsKey;
      this.callWhileRunning(['ssmmessages', 'logs', ...(key ? (['kms'] as const) : [])], 'ECS Exec');
    }
    for (const { service, purpose } of recordedCalls(tasks.taskDefinition)) this.callWhileRunning([service], purpose);
    validateAtSynth(tasks, 'NoRouteToRegistry', () => this.missingRegistries());
    validateAtSynth(tasks, 'NoRouteToAws', () => this.missingServices());
  }

  /** Opens the access that a connection needs in addition to its own network paths. */
  public connect({ secrets = {}, policyStatements = [], facts }: EndpointBinding): void {
    this.openForStart(Object.values(secrets).map((secret) => this.storeOfSecret(secret)));
    this.callWhileRunning(calledServices(policyStatements), `calls to ${facts.server}`);
  }

  /**
   * Opens the network paths that a task requires to start. On EC2 hosts, the ECS agent and Docker pull images, read secrets and write logs.
   */
  private openForStart(services: AwsServiceName[]): void {
    const { mesh, compute } = this.tasks;
    const hosts = compute?.hosts ?? [];
    for (const client of hosts.length > 0 ? hosts : [this.tasks]) {
      this.resource.node.addDependency(...openAwsService(mesh, client, services));
    }
  }

  private callWhileRunning(services: AwsServiceName[], purpose: string): void {
    this.resource.node.addDependency(...openAwsService(this.tasks.mesh, this.tasks, services));
    this.calls.push(...services.map((service) => ({ service, purpose })));
  }

  private storeOfSecret(secret: Secret): AwsServiceName {
    return storeOf(flatten(this.tasks.taskDefinition.stack.resolve(secret.arn)));
  }

  private missingRegistries(): Violation[] {
    const images = containersOf(this.tasks.taskDefinition).flatMap(foreignImages);
    if (images.length === 0 || subnetEgress(this.tasks, this.tasks.mesh).closed.length === 0) return [];
    return images.map(({ container, image, registry, isPlaceholder }) => ({
      prop: 'network',
      must: `have a route from the tasks of ${this.tasks.discoveryName} to ${registry}, which has the ${isPlaceholder ? 'placeholder' : 'image'} of container ${container}`,
      got: image,
      fix: isPlaceholder ? COPY_PLACEHOLDER : COPY_IMAGE,
    }));
  }

  private missingServices(): Violation[] {
    const { closed, endpoints } = subnetEgress(this.tasks, this.tasks.mesh);
    if (closed.length === 0) return [];
    const needs = [...containersOf(this.tasks.taskDefinition).flatMap(startDependencies), ...this.calls];
    const missing = [...new Set(needs.map(({ service }) => service))].filter((service) => !endpoints.includes(service));
    return missing.map((service) => ({
      prop: 'network',
      must: `have a route from the tasks of ${this.tasks.discoveryName} to ${service}, for ${purposes(needs, service)}`,
      fix: `add \`${addition(service)}\` to the VPC, or choose a NatStrategy with NAT`,
    }));
  }
}

const COPY_IMAGE =
  'push the image to Amazon ECR (`ContainerImage.fromEcrRepository`, `fromAsset`, or a pull-through cache), or choose a NatStrategy with NAT';
const COPY_PLACEHOLDER =
  'give `image()` a `PlaceholderImage.python` with a copy in Amazon ECR, or `PlaceholderImage.none()`, or choose a NatStrategy with NAT';

function purposes(needs: TaskDependency[], service: AwsServiceName): string {
  return [...new Set(needs.filter((need) => need.service === service).map(({ purpose }) => purpose))].join(', ');
}

function addition(service: AwsServiceName): string {
  const constant = AWS_SERVICES[service];
  return GATEWAY_SERVICES.includes(service)
    ? `addGatewayEndpoint('${constant}', { service: GatewayVpcEndpointAwsService.${constant} })`
    : `addInterfaceEndpoint('${constant}', { service: InterfaceVpcEndpointAwsService.${constant} })`;
}
