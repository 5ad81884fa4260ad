import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { warn } from './errors';
import { isUnknown } from './unknown';

/**
 * Warns of a secret of another account that is imported without its key: a secret with the default key can be read in its account only, and
 * across accounts KMS asks the policy of the role as well as that of the key.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function warnWithoutKey(scope: IConstruct, prop: string, arn: string): void {
  const [secretArn] = /^arn:[^:]+:secretsmanager:(?:[^:]*:){4}/.exec(`${arn}:`) ?? [];
  const [own, other] = [Stack.of(scope).account, secretArn?.split(':')[4]];
  if (!other || isUnknown(other) || isUnknown(own) || own === other) return;
  warn(
    scope,
    'SecretWithoutKey',
    `\`${prop}\` has the secret ${secretArn!.slice(0, -1)} of another account, which is imported without its key, so that no role of the tasks may ` +
      'decrypt it: across accounts the policies of the role, the secret and the key must all allow it. Import it with ' +
      '`Secret.fromSecretAttributes({ secretCompleteArn, encryptionKey })`, where `Key.fromKeyArn` has the key.',
  );
}
