import { IResource, ResourceEnvironment } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { keyStatements } from './key-statement';
import { requireSameEnvironment } from './same-environment';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../endpoint';
import { ComponentKind } from '../topology-record';

/** A resource that services call by the API of its AWS service. */
export interface AwsApi {
  readonly resource: IResource;
  /** The environment of the resource. */
  readonly env: ResourceEnvironment;
  /** The name of the service in the names of its actions. */
  readonly service: string;
  /** The name of the service, for people. */
  readonly label: string;
  readonly details: string[];
  /** The prefix of the variables, unless a connection has another one. */
  readonly prefix: string;
  /** The values of the variables, by the part of their names after the prefix. */
  readonly variables: Record<string, string>;
  readonly actions: string[];
  readonly resources: string[];
  readonly key?: IKey;
  readonly keyActions: string[];
}

/**
 * An endpoint that is an API of AWS: variables and permissions, no network path of its own. It has no dependency: clients need not wait for
 * a resource that they only name, and two services that send to each other are not circular.
 */
export abstract class AwsApiEndpoint implements IEndpoint {
  protected constructor(private readonly api: AwsApi) {}

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    const { resource, env, service, label, details, variables, actions, resources, key, keyActions } = this.api;
    requireSameEnvironment(client, resource, env);
    const prefix = options.as ?? this.api.prefix;
    const server = resource.node.path;
    return {
      facts: { server, protocol: 'https' },
      components: [{ id: server, kind: ComponentKind.AWS_API, label, details }],
      environment: Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${prefix}_${name}`, value])),
      policyStatements: [
        new PolicyStatement({ actions, resources }),
        ...keyStatements({ key, resource, service, actions: keyActions }),
      ],
    };
  }
}
