import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { acknowledge } from '../../core/private/acknowledge';
import { createPolicy } from '../../core/private/role';

/** Grants Session Manager access: no SSH key, no open port, every session in CloudTrail. */
export function grantSessions(scope: Construct, role: iam.IRole): IConstruct {
  const policy = createPolicy(scope, 'SessionPolicy', role, [
    new iam.PolicyStatement({
      actions: [
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
      resources: ['*'],
    }),
  ]);
  acknowledge(
    policy,
    'AwsSolutions-IAM5[Resource::*]',
    'The ssmmessages actions of Session Manager do not support resource-level permissions; the alternative, AmazonSSMManagedInstanceCore, allows more.',
  );
  return policy;
}

/** Grants the actions on the instance itself, which can be named only once it exists. The host retries until then. */
export function grantHostItself(scope: Construct, role: iam.IRole, instance: ec2.CfnInstance, volume?: ec2.IVolume): IConstruct {
  const stack = Stack.of(scope);
  const instanceArn = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: instance.ref });
  const statements = [new iam.PolicyStatement({ actions: ['ssm:UpdateInstanceInformation'], resources: [instanceArn] })];
  if (volume) {
    const volumeArn = stack.formatArn({ service: 'ec2', resource: 'volume', resourceName: volume.volumeId });
    statements.push(new iam.PolicyStatement({ actions: ['ec2:AttachVolume'], resources: [instanceArn, volumeArn] }));
    if (volume.encryptionKey) statements.push(grantDisk(stack, volume.encryptionKey));
  }
  return createPolicy(scope, 'HostPolicy', role, statements);
}

/**
 * Allows the caller who attaches an encrypted volume to grant EC2 the use of its key
 * (https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html).
 */
function grantDisk(stack: Stack, key: IKey): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['kms:CreateGrant'],
    resources: [key.keyArn],
    conditions: {
      Bool: { 'kms:GrantIsForAWSResource': true },
      StringEquals: { 'kms:ViaService': `ec2.${stack.region}.amazonaws.com` },
    },
  });
}
