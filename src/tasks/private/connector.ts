import { ContainerDefinition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { callPort } from './called-ports';
import { deployAfter } from './deployment-order';
import { RoutedTasks, TaskEgress } from './task-egress';
import { ConnectOptions, EndpointBinding, IEndpoint } from '../../core/endpoint';
import { acknowledgeEach } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { closest } from '../../core/private/names';
import { openPath } from '../../core/private/security-path';
import { sorted } from '../../core/private/sorted';
import { TopologyRecord } from '../../core/topology-record';

/** The service that connects, with the parts that a connection changes. */
export interface Connecting extends RoutedTasks {
  readonly containers: ContainerDefinition[];
}

/** Applies what endpoints ask for: variables and secrets, network paths, permissions with their findings, deploy order, and the record. */
export class Connector {
  /** What each container was given by connections, so that two connections cannot fight over one name. */
  private readonly given = new Map<string, Map<string, string>>();
  private readonly routes: TaskEgress;

  public constructor(
    private readonly client: Connecting,
    private readonly resource: () => IConstruct,
    own: Map<string, string[]>,
  ) {
    for (const [container, names] of own) this.given.set(container, new Map(names.map((name) => [name, 'its own options'])));
    this.routes = new TaskEgress(client, resource());
  }

  public connect(endpoint: IEndpoint, options: ConnectOptions): void {
    if (options.as !== undefined && !/^[A-Z][A-Z0-9_]*$/.test(options.as)) {
      throw validationError(this.client, 'BadVariablePrefix', {
        prop: 'as',
        must: 'be capitals, digits and underscores',
        got: options.as,
        fix: 'write it like "CACHE"',
      });
    }
    this.apply(endpoint.bindEndpoint(this.client, options), options);
  }

  private apply(binding: EndpointBinding, options: ConnectOptions): void {
    if (binding.calledPort) callPort(this.client, binding.calledPort);
    for (const container of this.chosen(options.containers)) this.inject(container, binding);
    for (const { server, port } of binding.reaches ?? []) {
      openPath(this.client, server, port, `${this.client.discoveryName} to ${binding.facts.protocol}`);
    }
    for (const statement of binding.policyStatements ?? []) this.client.taskRole.addToPrincipalPolicy(statement);
    acknowledgeEach(this.client.taskRole, binding.acknowledgements ?? []);
    this.routes.connect(binding);
    deployAfter(this.client, this.resource(), binding.dependencies ?? []);
    this.record(binding);
  }

  private record({ components = [], facts }: EndpointBinding): void {
    const record = TopologyRecord.of(this.client);
    for (const component of components) record.addComponent(component);
    record.addConnection({ client: this.client.node.path, ...facts });
  }

  private inject(container: ContainerDefinition, binding: EndpointBinding): void {
    const { environment = {}, secrets = {}, facts } = binding;
    for (const [name, value] of sorted(environment)) {
      if (this.take(container, name, `${facts.server}=${value}`)) container.addEnvironment(name, value);
    }
    for (const [name, secret] of sorted(secrets)) {
      if (this.take(container, name, facts.server)) container.addSecret(name, secret);
    }
  }

  /** Whether the name is new; the same connection made twice is fine, another one under the same name is not. */
  private take(container: ContainerDefinition, name: string, giver: string): boolean {
    const given = this.given.get(container.containerName) ?? new Map<string, string>();
    this.given.set(container.containerName, given);
    if (given.get(name) === giver) return false;
    if (given.has(name)) {
      throw validationError(this.client, 'VariableTaken', {
        prop: 'connectTo',
        must: `not give ${container.containerName} a variable that it has from ${given.get(name)!.split('=')[0]}`,
        got: name,
        fix: "choose another prefix, such as connectTo(endpoint, { as: 'OTHER' })",
      });
    }
    given.set(name, giver);
    return true;
  }

  private chosen(names?: string[]): ContainerDefinition[] {
    if (!names) return this.client.containers;
    return names.map((name) => {
      const found = this.client.containers.find((container) => container.containerName === name);
      if (found) return found;
      const known = this.client.containers.map((container) => container.containerName);
      const meant = closest(name, known);
      throw validationError(this.client, 'ContainerUnknown', {
        prop: 'containers',
        must: `name containers of this task (${known.join(', ')})`,
        got: name,
        fix: meant ? `did you mean "${meant}"?` : 'leave `containers` out to give it to all',
      });
    });
  }
}
