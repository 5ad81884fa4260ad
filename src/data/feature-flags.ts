import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ParameterGroup } from './private/parameter-group';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { acceptProps, guard } from '../core/private/guard';
import { requireSameEnvironment } from '../core/private/same-environment';

/** Properties for feature flags. */
export interface FeatureFlagsProps {
  /** The mesh whose services read the flags. */
  readonly mesh: IMesh;

  /** The flags with their initial values: 1 to 50. Names consist of letters, digits, hyphens and underscores, such as `newCheckout`. */
  readonly flags: { [name: string]: boolean };

  /**
   * The last part of the path of the flags, unique in the mesh.
   *
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Feature flags that running tasks read from Parameter Store.
 *
 * Creates a parameter `/<mesh>/<name>/<flag>` for each flag, `true` or `false`; Parameter Store refuses any other value. The template
 * contains only the initial values: a flag that an operator has set keeps its value until the value in the code changes, and adding a flag
 * does not affect the others.
 *
 * A connected client gets `FLAGS_PATH` (`/<mesh>/<name>/`), and its task role may read these parameters and no others. Read
 * `${FLAGS_PATH}<flag>` with `GetParameters` (up to ten at once) about every 30 seconds, and keep the last result if a call fails;
 * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/configuration.md has an example. Parameter Store allows 40 reads per second
 * in an account, unless you enable higher throughput, which is billed.
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
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.data.FeatureFlags';

  /** The path of the flags, with a trailing slash. */
  public readonly path: string;

  private readonly group: ParameterGroup;

  constructor(scope: Construct, id: string, props: FeatureFlagsProps) {
    props = acceptProps({ FeatureFlags }, new.target, scope, id, props);
    super(scope, id);
    this.group = new ParameterGroup(this, {
      mesh: props.mesh,
      name: props.name,
      prop: 'flags',
      values: Object.fromEntries(Object.entries(props.flags).map(([flag, isOn]) => [flag, String(isOn)])),
      namePattern: /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/,
      nameRule: '1 to 128 letters, digits, hyphens and underscores',
      allowedPattern: '^(true|false)$',
    });
    this.path = this.group.path;
  }

  /** A copy of the parameters by flag name. */
  public get parameters(): { [flag: string]: IParameter } {
    return Object.fromEntries(this.group.parameters);
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    return this.group.bind('flags', options.as);
  }
}

guard({ FeatureFlags });
