import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { keyOf, ParameterSecret } from './parameter-secret';
import { callParameterStore } from './parameter-store';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../../core/endpoint';
import { keyStatements } from '../../core/private/key-statement';
import { variablePrefix } from '../../core/private/names';
import { requireSameEnvironment } from '../../core/private/same-environment';
import { ParameterEndpointOptions, ParameterRead } from '../parameter-endpoint-options';

/** A parameter in Parameter Store as an endpoint; see `Endpoint.parameter`. */
export class ParameterEndpoint implements IEndpoint {
  private readonly read: ParameterRead;

  constructor(
    private readonly parameter: IParameter,
    options: ParameterEndpointOptions,
  ) {
    this.read = options.read ?? ParameterRead.AT_START;
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    requireSameEnvironment(client, this.parameter);
    const prefix = options.as ?? variablePrefix(this.parameter.node.id);
    const called = callParameterStore(this.parameter.node.path, this.parameter.node.id);
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
    const { parameter: resource } = this;
    return [read, ...keyStatements({ key: keyOf(resource), resource, service: 'ssm', actions: ['kms:Decrypt'] })];
  }
}
