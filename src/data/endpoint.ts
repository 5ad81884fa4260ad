import { Token } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { BucketEndpointOptions } from './bucket-endpoint-options';
import { ParameterEndpointOptions } from './parameter-endpoint-options';
import { BucketEndpoint } from './private/bucket-endpoint';
import { ParameterEndpoint } from './private/parameter-endpoint';
import { TableEndpoint } from './private/table-endpoint';
import { TopicEndpoint } from './private/topic-endpoint';
import { TableEndpointOptions } from './table-endpoint-options';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../core/endpoint';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { variablePrefix } from '../core/private/names';
import { numberText } from '../core/private/number-text';
import { QueueEndpoint } from '../core/private/queue-endpoint';
import { warnOfField } from '../core/private/secret-fields';
import { warnWithoutKey } from '../core/private/secret-of-other-account';
import { secretStatements } from '../core/private/secret-statements';
import { isUnknown } from '../core/private/unknown';
import { QueueAccess } from '../core/queue-access';
import { ComponentKind } from '../core/topology-record';

/** Options for a service that reads a secret while it runs. */
export interface SecretEndpointOptions {
  /**
   * The field of a JSON secret. The client receives its name in `<PREFIX>_KEY`.
   *
   * @default - the whole secret; `<PREFIX>_KEY` is empty
   */
  readonly field?: string;
}

/** Options for a connection to a host outside the app. */
export interface ExternalHostOptions {
  /**
   * The TCP port, 1 to 65535.
   *
   * @default 443
   */
  readonly port?: number;
}

/**
 * Endpoints for resources that no construct of this library creates.
 *
 * @example
 * declare const api: MeshService;
 * declare const apiKey: secretsmanager.ISecret;
 * api.connectTo(Endpoint.secret(apiKey, { field: 'apiKey' })); // SECRET_NAME, SECRET_KEY, and read on this one secret
 * api.connectTo(Endpoint.externalHost('smtp.example.com', { port: 587 })); // SMTP_EXAMPLE_COM_HOST, ..._PORT, and the way out
 */
export abstract class Endpoint implements IEndpoint {
  /**
   * A secret that the service's own code reads while it runs, with the task role, so that a rotated value is used without a deployment. It
   * injects `SECRET_NAME` (the ARN) and `SECRET_KEY`; the value itself is in no template and no variable.
   *
   * @param secret the secret
   * @param options field of a JSON secret
   */
  public static secret(secret: ISecret, options: SecretEndpointOptions = {}): Endpoint {
    return new SecretEndpoint(secret, options);
  }

  /**
   * A parameter in Parameter Store, String or SecureString: its value as a variable when a task starts, or its name for the service's own
   * code to read while it runs. It grants read access to this one parameter.
   *
   * @param parameter the parameter
   * @param options time at which it is read
   */
  public static parameter(parameter: IParameter, options: ParameterEndpointOptions = {}): Endpoint {
    return new ParameterEndpoint(parameter, options);
  }

  /**
   * A host on the internet or in a peered network. It opens egress on the port to any address, because security groups do not support
   * names.
   *
   * @param hostName DNS name or address of the host
   * @param options port
   */
  public static externalHost(hostName: string, options: ExternalHostOptions = {}): Endpoint {
    return new ExternalHostEndpoint(hostName, options.port ?? 443);
  }

  /**
   * A bucket. It injects `<PREFIX>_BUCKET`, and grants exactly the actions of the access on exactly its objects.
   *
   * @param bucket the bucket
   * @param options access and key prefix
   */
  public static bucket(bucket: IBucket, options: BucketEndpointOptions = {}): Endpoint {
    return new BucketEndpoint(bucket, options);
  }

  /**
   * A table of DynamoDB. It injects `<PREFIX>_TABLE` (its name) and `<PREFIX>_REGION`, and grants exactly the actions of the access on the
   * table and on the indexes that you name. If the table was imported with `encryptionKey`, the key is granted, too.
   *
   * @param table the table
   * @param options access and indexes
   */
  public static table(table: ITable, options: TableEndpointOptions = {}): Endpoint {
    return new TableEndpoint(table, options);
  }

  /**
   * A topic of SNS that the service publishes to. It injects `<PREFIX>_TOPIC_ARN`, and grants `sns:Publish` on this one topic. Import a
   * topic that is encrypted with a key of its own by `Topic.fromTopicAttributes({ topicArn, keyArn })`, so that the key is granted.
   *
   * @param topic the topic
   */
  public static topic(topic: ITopic): Endpoint {
    return new TopicEndpoint(topic);
  }

  /**
   * A queue of SQS, standard or FIFO. It injects `<PREFIX>_URL`, and grants the actions of the access on this one queue. Import a queue that
   * is encrypted with a key of its own by `Queue.fromQueueAttributes({ queueArn, keyArn })`, so that the key is granted.
   *
   * `QueueWorkerService` creates a queue and scales on its backlog; a service that is connected to a queue does not.
   *
   * @param queue the queue
   * @param access to send messages, or to receive and delete them
   */
  public static queue(queue: IQueue, access: QueueAccess): Endpoint {
    return new QueueEndpoint(queue, access, { prefix: variablePrefix(queue.node.id), detail: `${queue.node.id}, ${access}` });
  }

  public abstract bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding;
}

guard({ Endpoint });

class SecretEndpoint extends Endpoint {
  constructor(
    private readonly secret: ISecret,
    private readonly options: SecretEndpointOptions,
  ) {
    super();
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    const { field } = this.options;
    if (field === '') {
      throw validationError(client, 'EmptySecretField', {
        prop: 'field',
        must: 'specify a field of the JSON secret',
        got: field,
        fix: 'leave it out for the whole secret',
      });
    }
    warnOfField(client, 'connectTo', this.secret, field);
    if (!this.secret.encryptionKey) warnWithoutKey(client, 'connectTo', this.secret.secretArn);
    const prefix = options.as ?? 'SECRET';
    const server = this.secret.node.path;
    return {
      facts: { server, protocol: 'https' },
      components: [{ id: server, kind: ComponentKind.AWS_API, label: 'Secrets Manager', details: [this.secret.node.id] }],
      environment: { [`${prefix}_NAME`]: this.secret.secretArn, [`${prefix}_KEY`]: this.options.field ?? '' },
      policyStatements: secretStatements(this.secret),
    };
  }
}

class ExternalHostEndpoint extends Endpoint {
  constructor(
    private readonly hostName: string,
    private readonly port: number,
  ) {
    super();
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    if (!isUnknown(this.hostName) && !/^[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/.test(this.hostName)) {
      throw validationError(client, 'BadHostName', {
        prop: 'hostName',
        must: 'be a DNS name or an address',
        got: this.hostName,
        fix: 'write it like "smtp.example.com", without scheme and path',
      });
    }
    requireInteger(client, 'PortOutOfRange', 'port', this.port, 1, 65535);
    const prefix = options.as ?? this.prefixFor(client);
    const server = Token.isUnresolved(this.hostName) ? `host ${prefix}` : this.hostName;
    return {
      facts: {
        server,
        protocol: 'tcp',
        dnsName: this.hostName,
        port: Token.isUnresolved(this.port) ? undefined : this.port,
      },
      components: [{ id: server, kind: ComponentKind.EXTERNAL, label: server }],
      environment: { [`${prefix}_HOST`]: this.hostName, [`${prefix}_PORT`]: numberText(this.port) },
      reaches: [{ server: Peer.anyIpv4(), port: Port.tcp(this.port) }],
    };
  }

  /** The variables have the name of the host, which nobody could write in code if only the deployment knew it. */
  private prefixFor(client: IEndpointClient): string {
    if (!Token.isUnresolved(this.hostName)) return variablePrefix(this.hostName);
    throw validationError(client, 'BadVariablePrefix', {
      prop: 'as',
      must: 'be given for a host whose name is known only at deployment, because its variables have their names at synthesis',
      fix: "write it like `connectTo(endpoint, { as: 'SMTP' })`",
    });
  }
}
