import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ParameterGroup } from './private/parameter-group';
import { ParameterSecret } from './private/parameter-secret';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { IMesh } from '../core/mesh';
import { acceptProps, guard } from '../core/private/guard';
import { requireSameEnvironment } from '../core/private/same-environment';

/** Properties for settings. */
export interface ParameterSettingsProps {
  /** The mesh whose services read the settings. */
  readonly mesh: IMesh;

  /**
   * The settings with their initial values: 1 to 50 of up to 4,096 bytes, named like variables, such as `LOG_LEVEL`. Do not store secrets
   * in them.
   */
  readonly values: { [name: string]: string };

  /**
   * The last part of the path of the settings, unique in the mesh. We recommend the name of the service that reads them.
   *
   * @default - the construct id in kebab-case
   */
  readonly name?: string;
}

/**
 * Settings in Parameter Store that an operator can change without a deployment of the stack.
 *
 * Creates a parameter `/<mesh>/<name>/<SETTING>` for each setting. A connected client receives every setting as a variable of the same name
 * (prefixed if you specify `as`), which ECS reads with the execution role when a task starts. It also receives `SETTINGS_PATH`, under which
 * its own code can read them again with the task role. Through variables alone, running tasks receive a change with the next deployment:
 * `aws ecs update-service --force-new-deployment`.
 *
 * The template contains only the initial values: a value that an operator has set is kept until the value in the code changes. Values that
 * change only with the code belong in `containers[].environment`; secrets belong in Secrets Manager.
 *
 * Cost: none; standard parameters and their reads at the standard rate are free.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const api: MeshService;
 * const settings = new ParameterSettings(this, 'ApiSettings', { mesh, name: 'api', values: { LOG_LEVEL: 'info', PAGE_SIZE: '50' } });
 * api.connectTo(settings); // LOG_LEVEL, PAGE_SIZE, SETTINGS_PATH=/shop-mesh/api/
 */
export class ParameterSettings extends Construct implements IEndpoint {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.data.ParameterSettings';

  /** The path of the settings, with a trailing slash. */
  public readonly path: string;

  private readonly group: ParameterGroup;

  constructor(scope: Construct, id: string, props: ParameterSettingsProps) {
    props = acceptProps({ ParameterSettings }, new.target, scope, id, props);
    super(scope, id);
    this.group = new ParameterGroup(this, {
      mesh: props.mesh,
      name: props.name,
      prop: 'values',
      values: props.values,
      namePattern: /^[A-Z][A-Z0-9_]{0,127}$/,
      nameRule: '1 to 128 upper-case letters, digits and underscores, starting with a letter',
    });
    this.path = this.group.path;
  }

  /** A copy of the parameters by setting name. */
  public get parameters(): { [setting: string]: IParameter } {
    return Object.fromEntries(this.group.parameters);
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this);
    const named = (name: string) => (options.as ? `${options.as}_${name}` : name);
    const parameters = [...this.group.parameters];
    return {
      ...this.group.bind('settings', options.as),
      secrets: Object.fromEntries(parameters.map(([name, parameter]) => [named(name), new ParameterSecret(parameter)])),
    };
  }
}

guard({ ParameterSettings });
