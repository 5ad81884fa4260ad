import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { keyOf, ParameterSecret } from './private/parameter-secret';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { variablePrefix } from '../core/private/names';
import { ComponentKind } from '../core/topology-record';

/** Specifies when a parameter is read. */
export enum ParameterRead {
  /** At the start of a task: ECS reads it with the execution role and injects it as a variable. */
  AT_START = 'at-start',
  /** While a task runs: its own code reads it with the task role, and a variable contains the name. */
  AT_RUN_TIME = 'at-run-time',
}

/** Options for a connection to a parameter. */
export interface ParameterEndpointOptions {
  /**
   * Specifies when the parameter is read.
   *
   * @default ParameterRead.AT_START
   */
  readonly read?: ParameterRead;
}

/**
 * A parameter in Parameter Store, String or SecureString, as an endpoint. It injects `<PREFIX>` with the value, or `<PREFIX>_PARAMETER`
 * with the name, and grants read access to this one parameter. The prefix is the parameter's construct ID.
 *
 * The value is never in a template. New tasks receive a changed value; with `AT_RUN_TIME`, so does code that reads the parameter again.
 *
 * @example
 * declare const api: MeshService;
 * const level = ssm.StringParameter.fromStringParameterName(this, 'LogLevel', '/shop/log-level');
 * api.connectTo(new ParameterEndpoint(level)); // LOG_LEVEL
 * const limit = ssm.StringParameter.fromSecureStringParameterAttributes(this, 'Limit', { parameterName: '/shop/limit' });
 * api.connectTo(new ParameterEndpoint(limit, { read: ParameterRead.AT_RUN_TIME })); // LIMIT_PARAMETER
 */
export class ParameterEndpoint implements IEndpoint {
  /** The parameter. */
  public readonly parameter: IParameter;

  /** Indicates when clients read the parameter. */
  public readonly read: ParameterRead;

  public constructor(parameter: IParameter, options: ParameterEndpointOptions = {}) {
    this.parameter = parameter;
    this.read = options.read ?? ParameterRead.AT_START;
  }

  public bindEndpoint(_client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    const prefix = options.as ?? variablePrefix(this.parameter.node.id);
    const server = this.parameter.node.path;
    const called = {
      facts: { server, protocol: 'https' },
      components: [{ id: server, kind: ComponentKind.AWS_API, label: 'Parameter Store', details: [this.parameter.node.id] }],
    };
    if (this.read === ParameterRead.AT_START) {
      return { ...called, secrets: { [prefix]: new ParameterSecret(this.parameter) } };
    }
    return {
      ...called,
      environment: { [`${prefix}_PARAMETER`]: this.parameter.parameterName },
      policyStatements: this.statements(),
    };
  }

  private statements(): PolicyStatement[] {
    const read = new PolicyStatement({
      actions: ['ssm:GetParameter', 'ssm:GetParameters'],
      resources: [this.parameter.parameterArn],
    });
    const key = keyOf(this.parameter);
    return [read, ...(key ? [new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] })] : [])];
  }
}
