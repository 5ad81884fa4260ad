import { CfnResource, IResource } from 'aws-cdk-lib';
import { ContainerDefinition, ContainerImageConfig, Secret } from 'aws-cdk-lib/aws-ecs';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { addStatement, targetOf, keyStatements } from '../../core/private/key-statement';
import { warnWithoutKey } from '../../core/private/secret-of-other-account';

interface Stored {
  readonly resource: IResource;
  readonly key: IKey;
  readonly service: 'secretsmanager' | 'ssm';
}

/** Lets the execution role decrypt what a container starts with: its variables, the options of its log driver, the credentials of its registry. */
export function grantKeysOf(
  scope: IConstruct,
  prop: string,
  container: ContainerDefinition,
  secrets: Record<string, Secret>,
): void {
  for (const [name, { arn }] of Object.entries(secrets)) grantKeyOf(scope, `${prop}.secrets.${name}`, container, arn);
  const { imageConfig } = container as unknown as { readonly imageConfig?: ContainerImageConfig };
  const credentials = imageConfig?.repositoryCredentials?.credentialsParameter;
  const others = [
    ...(container.logDriverConfig?.secretOptions ?? []).map(({ valueFrom }) => [`${prop}.logging`, valueFrom]),
    ...(credentials ? [[`${prop}.image`, credentials]] : []),
  ];
  for (const [own, arn] of others) grantKeyOf(scope, own, container, arn);
}

/**
 * Lets the execution role decrypt a value whose key CDK leaves out without a word: the key of a secret is granted in the policy of the
 * key, which an import has not, and an imported alias is granted to nobody.
 */
export function grantKeyOf(scope: IConstruct, prop: string, container: ContainerDefinition, arn: string): void {
  const { executionRole } = container.taskDefinition;
  const stored = storedAs(container.node.root, arn);
  if (!stored) warnWithoutKey(scope, prop, arn);
  if (!executionRole || !stored || isGranted(stored)) return;
  for (const statement of keyStatements({ ...stored, actions: ['kms:Decrypt'] })) addStatement(executionRole, statement);
}

/** Returns the secret or parameter of a variable, if it has a key of its own. ECS puts the field of a secret behind its ARN. */
function storedAs(root: IConstruct, arn: string): Stored | undefined {
  for (const each of root.node.findAll()) {
    const {
      secretArn,
      parameterArn,
      encryptionKey: key,
    } = each as { secretArn?: string; parameterArn?: string; encryptionKey?: IKey };
    if (!key) continue;
    const resource = each as unknown as IResource;
    if (secretArn !== undefined && (arn === secretArn || arn.startsWith(`${secretArn}:`))) {
      return { resource, key, service: 'secretsmanager' };
    }
    if (parameterArn !== undefined && arn === parameterArn) return { resource, key, service: 'ssm' };
  }
  return undefined;
}

function isGranted({ key, service }: Stored): boolean {
  const target = targetOf(key);
  return target !== undefined && (service === 'ssm' || target.node.findAll().some((each) => CfnResource.isCfnResource(each)));
}
