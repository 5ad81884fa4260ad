import { ContainerImage, LogDriver, Secret } from 'aws-cdk-lib/aws-ecs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { ofOtherAccount } from '../../core/private/foreign-references';
import { placeText } from '../../core/private/place-text';

/** Rejects credentials of a registry and options of a log driver that CDK would reject without the prop. It has no public names for them. */
export function requireOwnSecretsOf(scope: IConstruct, prop: string, image: ContainerImage, driver: LogDriver): void {
  const { credentials } = (image as unknown as { readonly props?: { readonly credentials?: ISecret } }).props ?? {};
  if (credentials) requireOwnSecret(scope, `${prop}.image`, credentials.secretArn);
  const options = [driver, ...Object.values(driver)].flatMap((each: unknown) => Object.values(each ?? {}) as unknown[]);
  // A `Secret` of CDK is an object of no class.
  for (const value of options as (Partial<Secret> | undefined)[]) {
    if (value?.arn && value.grantRead) requireOwnSecret(scope, `${prop}.logging`, value.arn);
  }
}

/**
 * Rejects a value of a stack in another account. The default key of a secret is for its account only, and its policy would name a role that has
 * no physical name. A parameter has no policy that could name one.
 */
export function requireOwnSecret(scope: IConstruct, prop: string, arn: string): void {
  const owner = ofOtherAccount(scope, arn);
  if (!owner) return;
  const isParameter = owner instanceof CfnParameter;
  const imported = '`Secret.fromSecretAttributes({ secretCompleteArn, encryptionKey })`';
  throw validationError(scope, 'SecretOfOtherAccount', {
    prop,
    must: `be a ${isParameter ? 'parameter' : 'secret'} of the account of the service, or one that is imported`,
    got: `${owner.node.path} (${placeText(owner)})`,
    fix: isParameter
      ? `create the parameter in the account of the service, or keep the value in a secret with an \`encryptionKey\`, which can be imported with ${imported}`
      : `give it an \`encryptionKey\`, import it with ${imported}, and let its policy and that of the key allow the execution role`,
  });
}
