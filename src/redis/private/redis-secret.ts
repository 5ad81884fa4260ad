import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { acknowledge } from '../../core/private/acknowledge';

/**
 * Generates a password for the default user. It contains only letters and digits: ElastiCache rejects most other characters in an AUTH
 * token, and a configuration file would need them quoted.
 */
export function generateRedisSecret(scope: Construct, description: string): Secret {
  const secret = new Secret(scope, 'Secret', {
    description,
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: 'default' }),
      generateStringKey: 'password',
      passwordLength: 64,
      excludePunctuation: true,
    },
    encryptionKey: Compliance.of(scope).encryptionKey(scope),
    // Worth nothing without its server, which gets a new one when it is made again.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(
    secret,
    ['AwsSolutions-SMG4', '*-SecretsManagerRotationEnabled'],
    'Secrets Manager has no managed rotation for the single password of a Redis server: clients keep it from the start of their tasks, so a change ' +
      'needs a coordinated restart of server and clients. https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/redis-stores.md has the steps.',
  );
  return secret;
}
