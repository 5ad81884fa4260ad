import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey, ViaServicePrincipal } from 'aws-cdk-lib/aws-kms';

const DECRYPT = ['kms:Decrypt'];
const ENCRYPT = ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

/**
 * A key whose grants go to the policies of roles, also those through a service such as Secrets Manager.
 *
 * CDK writes the latter into the policy of the key, with the name of the role: the stack with the key would wait for the stack with the
 * role, which waits for it. The key trusts the policies of its account, so that of the role is enough.
 */
export function shareKey(key: IKey): IKey {
  const grant = (grantee: IGrantable, ...actions: string[]) => grantToRole(key, grantee, actions) ?? key.grant(grantee, ...actions);
  const methods = {
    grant,
    grantDecrypt: (grantee: IGrantable) => grant(grantee, ...DECRYPT),
    grantEncrypt: (grantee: IGrantable) => grant(grantee, ...ENCRYPT),
    grantEncryptDecrypt: (grantee: IGrantable) => grant(grantee, ...DECRYPT, ...ENCRYPT),
  };
  return Object.assign(Object.create(key), methods);
}

function grantToRole(key: IKey, grantee: IGrantable, actions: string[]): Grant | undefined {
  const principal = grantee.grantPrincipal;
  if (!(principal instanceof ViaServicePrincipal)) return undefined;
  // A private field: a CDK without it gets CDK's own way, which is right for one stack.
  const base = (principal as unknown as { basePrincipal?: IPrincipal }).basePrincipal;
  const conditions = principal.policyFragment.conditions as Record<string, Record<string, unknown>>;
  const grant = base && Grant.addToPrincipal({ grantee: base, actions, resourceArns: [key.keyArn], conditions });
  return grant?.principalStatement ? grant : undefined;
}
