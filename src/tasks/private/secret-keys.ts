import { CfnResource, IResource } from 'aws-cdk-lib';
import { ContainerDefinition, ContainerImageConfig, Secret } from 'aws-cdk-lib/aws-ecs';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { addStatement, targetOf, keyStatements } from '../../core/private/key-statement';

interface Stored {
  readonly resource: IResource;
  readonly key: IKey;
  readonly service: 'secretsmanager' | 'ssm';
}

/**
 * Lets the execution role decrypt a variable whose key CDK leaves out without a word: the key of a secret is granted in the policy of the
 * key, which an import has not, and an imported alias is granted to nobody.
 */
export function grantKeyOf(container: ContainerDefinition, { arn }: Pick<Secret, 'arn'>): void {
  const { executionRole } = container.taskDefinition;
  const stored = storedAs(container.node.root, arn);
  if (!executionRole || !stored || isGranted(stored)) return;
  for (const statement of keyStatements({ ...stored, actions: ['kms:Decrypt'] })) addStatement(executionRole, statement);
}

/** Lets the execution role decrypt the credentials of a registry, of which the same is true. */
export function grantKeyOfRegistry(container: ContainerDefinition): void {
  const { imageConfig } = container as unknown as { readonly imageConfig?: ContainerImageConfig };
  const arn = imageConfig?.repositoryCredentials?.credentialsParameter;
  if (arn) grantKeyOf(container, { arn });
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
