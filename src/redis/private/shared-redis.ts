import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { publish, SharedParameters } from '../../core/private/sharing';
import { IRedisStore } from '../../core/redis-store';
import { ImportedRedisProps } from '../imported-redis-props';
import { RedisMode } from '../redis-mode';
import { SharedRedisAuthentication, SharedRedisOptions } from '../shared-redis-options';

/** The facts about a store that its owner publishes besides those of the interface. */
interface SharedFacts {
  readonly secret?: ISecret;
  readonly hasUsername?: boolean;
  /** The ID in the topology. */
  readonly component?: string;
}

/** Publishes what another app needs to use a store. */
export function shareRedis(store: IRedisStore & Construct, prefix: string, { secret, hasUsername, component }: SharedFacts): void {
  const { PASSWORD, USERNAME_AND_PASSWORD, NONE } = SharedRedisAuthentication;
  publish({
    owner: store,
    prefix,
    component,
    secret,
    values: {
      host: store.host,
      port: String(store.port),
      tls: String(store.tls),
      'cluster-mode': String(store.clusterMode),
      authentication: secret ? (hasUsername ? USERNAME_AND_PASSWORD : PASSWORD) : NONE,
      'security-group-id': store.connections.securityGroups[0].securityGroupId,
    },
  });
}

/** Returns the props of a store that an owner shares, and records what the consumer states about it. */
export function sharedRedisProps(scope: Construct, prefix: string, options: SharedRedisOptions): ImportedRedisProps {
  const { tls = true, port = 6379, clusterMode = false, authentication = SharedRedisAuthentication.PASSWORD } = options;
  const parameters = new SharedParameters(scope, prefix);
  parameters.expect('tls', String(tls));
  parameters.expect('port', String(port));
  parameters.expect('cluster-mode', String(clusterMode));
  parameters.expect('authentication', authentication);
  const credentials = () => ({
    secret: Secret.fromSecretCompleteArn(scope, 'Secret', parameters.text('secret-arn')),
    usernameField: authentication === SharedRedisAuthentication.USERNAME_AND_PASSWORD ? 'username' : undefined,
  });
  return {
    host: parameters.text('host'),
    tls,
    port,
    mode: clusterMode ? RedisMode.cluster() : RedisMode.single(),
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'SecurityGroup', parameters.text('security-group-id')),
    credentials: authentication === SharedRedisAuthentication.NONE ? undefined : credentials(),
  };
}
