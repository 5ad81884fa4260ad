import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey, ViaServicePrincipal } from 'aws-cdk-lib/aws-kms';

const DECRYPT = ['kms:Decrypt'];
const ENCRYPT = ['kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

/**
 * Returns a key whose grants are added to the policies of roles, including grants through a service such as Secrets Manager.
 *
 * CDK adds the latter to the key policy, with the name of the role: the stack of the key would depend on the stack of the role, which
 * depends on it. The key trusts the policies of its account, so that the policy of the role is sufficient.
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
