import { Port } from 'aws-cdk-lib/aws-ec2';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IDependable } from 'constructs';
import { CalledPort, ConnectOptions, EndpointBinding } from '../../core/endpoint';
import { numberText } from '../../core/private/number-text';
import { IRedisStore } from '../../core/redis-store';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';

/** The credentials of a store: a secret, and the JSON keys in it. */
export interface RedisCredentials {
  readonly secret: ISecret;
  /** The JSON key of the user name; undefined if the server supports only a password. */
  readonly usernameKey?: string;
  readonly passwordKey: string;
}

/** The part of the contract that a store does not show to everyone. */
export interface RedisContract {
  readonly credentials?: RedisCredentials;
  /** The resources that must exist before the store responds. */
  readonly dependencies?: IDependable[];
  /** The ports that a client can reach, if there is more than one. */
  readonly ports?: Port;
  /** The path of the construct that responds, if it is not the store itself. */
  readonly server?: string;
  /** The port whose Service Connect alias is the name of the store. */
  readonly calledPort?: CalledPort;
}

const DEFAULT_PREFIX = 'REDIS';

/** Renders the contract that makes stores interchangeable; see IRedisStore. No other code renders it. */
export function bindRedis(store: IRedisStore, options: ConnectOptions, contract: RedisContract): EndpointBinding {
  const prefix = options.as ?? DEFAULT_PREFIX;
  return {
    facts: { server: contract.server ?? store.node.path, protocol: 'redis', dnsName: store.host, port: store.port },
    environment: renderEnvironment(store, prefix),
    secrets: renderSecrets(contract.credentials, prefix),
    reaches: [{ server: store, port: contract.ports ?? Port.tcp(store.port) }],
    dependencies: contract.dependencies,
    calledPort: contract.calledPort,
  };
}

/** Adds a store to the topology record. */
export function recordRedis(store: IRedisStore, details: string[], server = store.node.path): void {
  TopologyRecord.of(store).addComponent({
    id: server,
    kind: ComponentKind.REDIS,
    label: store.node.id,
    details,
  });
}

function renderEnvironment(store: IRedisStore, prefix: string): { [name: string]: string } {
  const port = numberText(store.port);
  const environment: { [name: string]: string } = {
    [`${prefix}_HOST`]: store.host,
    [`${prefix}_PORT`]: port,
    [`${prefix}_TLS`]: String(store.tls),
    // Never with credentials: the environment of a task is readable to everyone who may describe it.
    [`${prefix}_URL`]: `${store.tls ? 'rediss' : 'redis'}://${store.host}:${port}`,
  };
  if (store.readerHost) environment[`${prefix}_READER_HOST`] = store.readerHost;
  if (store.clusterMode) environment[`${prefix}_CLUSTER_MODE`] = 'true';
  return environment;
}

function renderSecrets(credentials: RedisCredentials | undefined, prefix: string): { [name: string]: EcsSecret } {
  const secrets: { [name: string]: EcsSecret } = {};
  if (!credentials) return secrets;
  const { secret, usernameKey, passwordKey } = credentials;
  if (usernameKey) secrets[`${prefix}_USERNAME`] = EcsSecret.fromSecretsManager(secret, usernameKey);
  secrets[`${prefix}_PASSWORD`] = EcsSecret.fromSecretsManager(secret, passwordKey);
  return secrets;
}
