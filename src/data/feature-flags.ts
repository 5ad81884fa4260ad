import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ParameterGroup } from './private/parameter-group';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { kebabCase } from '../core/private/names';
import { ComponentKind } from '../core/topology-record';

/** Choices of feature flags. */
export interface FeatureFlagsProps {
  /** Mesh whose services read the flags. */
  readonly mesh: IMesh;

  /** The flags with their first values: 1 to 50, names of letters, digits, hyphens and underscores, such as `newCheckout`. */
  readonly flags: { [name: string]: boolean };

  /**
   * Last part of the path of the flags, unique in the mesh.
   *
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Switches that running tasks read, in Parameter Store.
 *
 * Creates a parameter `/<mesh>/<name>/<flag>` for each flag, `true` or `false`; Parameter Store refuses any other value. The template holds the
 * first values only: a flag that an operator has set stays as it is until its value in the code changes, and adding a flag touches no other.
 *
 * A connected client gets `FLAGS_PATH` (`/<mesh>/<name>/`), and its task role may read these parameters and no others. Ask for
 * `${FLAGS_PATH}<flag>` with `GetParameters` (ten at once) every half minute or so and keep the last answer where a call fails;
 * docs/configuration.md has the code. Parameter Store answers 40 reads a second of an account in all, unless higher throughput is paid for.
 *
 * Cost: none; standard parameters and their reads at the standard rate are free.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const web: MeshService;
 * const flags = new FeatureFlags(this, 'Flags', { mesh, flags: { newCheckout: false } });
 * web.connectTo(flags); // FLAGS_PATH=/shop-mesh/flags/
 */
export class FeatureFlags extends Construct implements IEndpoint {
  /** Path of the flags, with a slash at its end. */
  public readonly path: string;

  private readonly group: ParameterGroup;

  public constructor(scope: Construct, id: string, props: FeatureFlagsProps) {
    super(scope, id);
    this.group = new ParameterGroup(this, {
      mesh: props.mesh,
      name: props.name ?? kebabCase(id),
      prop: 'flags',
      values: Object.fromEntries(Object.entries(props.flags).map(([flag, isOn]) => [flag, String(isOn)])),
      namePattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
      nameRule: '1 to 128 letters, digits, hyphens and underscores',
      allowedPattern: '^(true|false)$',
    });
    this.path = this.group.path;
  }

  /** The parameters by the names of their flags; a copy. */
  public get parameters(): { [flag: string]: IParameter } {
    return Object.fromEntries(this.group.parameters);
  }

  public bindEndpoint(_client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    return {
      facts: { server: this.node.path, protocol: 'https' },
      components: [{ id: this.node.path, kind: ComponentKind.AWS_API, label: 'Parameter Store', details: [`flags ${this.path}`] }],
      environment: { [`${options.as ?? 'FLAGS'}_PATH`]: this.path },
      policyStatements: [this.group.readStatement],
    };
  }
}
