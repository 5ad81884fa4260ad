import { IConstruct } from 'constructs';
import { callPort } from './called-ports';
import { deployAfter } from './deployment-order';
import { TaskContainer } from './resolved-container';
import { grantKeyOf } from './secret-keys';
import { RoutedTasks, TaskEgress } from './task-egress';
import { warnWithoutConnection } from './unconnected';
import { ConnectOptions, EndpointBinding, IEndpoint } from '../../core/endpoint';
import { acknowledgeEach } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { refuseForeignReferences } from '../../core/private/foreign-references';
import { keepExports } from '../../core/private/kept-exports';
import { addStatement } from '../../core/private/key-statement';
import { closest } from '../../core/private/names';
import { warnOfFields } from '../../core/private/secret-fields';
import { openPath } from '../../core/private/security-path';
import { sorted } from '../../core/private/sorted';
import { TopologyRecord } from '../../core/topology-record';

/**
 * Applies the binding of an endpoint: variables and secrets, network paths, permissions with their findings, deployment order, and the
 * record.
 */
export class Connector {
  /** The values that connections have set in each container, so that two connections cannot set the same name. */
  private readonly given = new Map<string, Map<string, string>>();
  private readonly routes: TaskEgress;

  constructor(
    private readonly client: RoutedTasks,
    private readonly resource: IConstruct,
    private readonly containers: TaskContainer[],
  ) {
    for (const { name, environment, secrets } of containers) {
      const own = [...Object.keys(environment), ...Object.keys(secrets)];
      this.given.set(name, new Map(own.map((variable) => [variable, 'its own options'])));
    }
    this.routes = new TaskEgress(client, resource);
    warnWithoutConnection(client, containers);
  }

  public connect(endpoint: IEndpoint, options: ConnectOptions): EndpointBinding {
    if (options.as !== undefined && !/^[A-Z][A-Z0-9_]*$/.test(options.as)) {
      throw validationError(this.client, 'BadVariablePrefix', {
        prop: 'as',
        must: 'be capitals, digits and underscores',
        got: options.as,
        fix: 'write it like "CACHE"',
      });
    }
    const binding = endpoint.bindEndpoint(this.client, options);
    refuseForeignReferences(this.client, binding);
    warnOfFields(this.client, binding.secrets ?? {}, () => 'connectTo');
    this.apply(binding, options);
    return binding;
  }

  /** Keeps what other stacks export for a connection, and applies nothing of it. */
  public disconnect(endpoint: IEndpoint): void {
    const { environment, secrets = {}, policyStatements = [], reaches = [] } = endpoint.bindEndpoint(this.client, {});
    const groups = [this.client, ...reaches.map(({ server }) => server)].flatMap(({ connections }) => connections.securityGroups);
    keepExports(this.client, [
      environment,
      Object.values(secrets).map(({ arn }) => arn),
      policyStatements.map((statement) => statement.toStatementJson()),
      groups.map(({ securityGroupId }) => securityGroupId),
      reaches.map(({ port }) => port.toRuleJson()),
    ]);
  }

  private apply(binding: EndpointBinding, options: ConnectOptions): void {
    if (binding.calledPort) callPort(this.client, binding.calledPort);
    for (const container of this.receivers(options)) this.inject(container, binding);
    for (const { server, port } of binding.reaches ?? []) {
      openPath(this.client, server, port, `${this.client.discoveryName} to ${binding.facts.protocol}`);
    }
    for (const statement of binding.policyStatements ?? []) addStatement(this.client.taskRole, statement);
    acknowledgeEach(this.client.taskRole, binding.acknowledgements ?? []);
    this.routes.connect(binding);
    deployAfter(this.client, this.resource, binding.dependencies ?? []);
    this.record(binding);
  }

  private record({ components = [], facts }: EndpointBinding): void {
    const record = TopologyRecord.of(this.client);
    for (const component of components) record.addComponent(component);
    record.addConnection({ client: this.client.node.path, ...facts });
  }

  private inject({ name: container, definition }: TaskContainer, binding: EndpointBinding): void {
    const { environment = {}, secrets = {}, facts } = binding;
    for (const [name, value] of sorted(environment)) {
      if (this.take(container, name, `${facts.server}=${value}`)) definition.addEnvironment(name, value);
    }
    for (const [name, secret] of sorted(secrets)) {
      if (!this.take(container, name, facts.server)) continue;
      definition.addSecret(name, secret);
      grantKeyOf(this.client, 'connectTo', definition, secret.arn);
    }
  }

  /** Returns true if the name is new. The same connection can be made twice, but another one cannot use the same name. */
  private take(container: string, name: string, giver: string): boolean {
    const given = this.given.get(container)!;
    if (given.get(name) === giver) return false;
    if (given.has(name)) {
      throw validationError(this.client, 'VariableTaken', {
        prop: 'connectTo',
        must: `not give ${container} a variable that it has from ${given.get(name)!.split('=')[0]}`,
        got: name,
        fix: "choose another prefix, such as connectTo(endpoint, { as: 'OTHER' })",
      });
    }
    given.set(name, giver);
    return true;
  }

  /** The app's containers, all or those that were named, and no sidecar but those that were named. */
  private receivers({ containers, sidecars = [] }: ConnectOptions): TaskContainer[] {
    const own = this.containers.filter(({ isSidecar }) => !isSidecar);
    const named = containers?.map((name) => this.find(name, 'containers', own)) ?? own;
    const beside = this.containers.filter(({ isSidecar }) => isSidecar);
    return [...named, ...sidecars.map((name) => this.find(name, 'sidecars', beside))];
  }

  private find(name: string, prop: 'containers' | 'sidecars', among: TaskContainer[]): TaskContainer {
    const found = among.find((container) => container.name === name);
    if (found) return found;
    const known = among.map((container) => container.name);
    const other = prop === 'containers' ? 'sidecars' : 'containers';
    const meant = closest(name, known);
    throw validationError(this.client, 'ContainerUnknown', {
      prop,
      must: `name ${prop} of this task (${known.join(', ') || 'it has none'})`,
      got: name,
      fix: this.containers.some((container) => container.name === name)
        ? `name it in \`${other}\``
        : meant
          ? `did you mean "${meant}"?`
          : `leave \`${prop}\` out to give it to ${prop === 'containers' ? 'all containers' : 'no sidecar'}`,
    });
  }
}
