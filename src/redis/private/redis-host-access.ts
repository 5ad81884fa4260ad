import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../../core/private/acknowledge';

/** Shells through Session Manager: no SSH key, no open port, every session in CloudTrail. */
export function grantSessions(scope: Construct, role: iam.IRole): iam.Policy {
  const policy = new iam.Policy(scope, 'SessionPolicy', {
    roles: [role],
    statements: [
      new iam.PolicyStatement({
        actions: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        resources: ['*'],
      }),
    ],
  });
  acknowledge(
    policy,
    'AwsSolutions-IAM5[Resource::*]',
    'The ssmmessages actions of Session Manager have no resource level in IAM; the alternative, AmazonSSMManagedInstanceCore, allows more.',
  );
  return policy;
}

/** What names the instance itself can only be granted once it exists; the host tries until then. */
export function grantHostItself(scope: Construct, role: iam.IRole, instance: ec2.CfnInstance, volume?: ec2.IVolume): iam.Policy {
  const stack = Stack.of(scope);
  const instanceArn = stack.formatArn({ service: 'ec2', resource: 'instance', resourceName: instance.ref });
  const policy = new iam.Policy(scope, 'HostPolicy', {
    roles: [role],
    statements: [new iam.PolicyStatement({ actions: ['ssm:UpdateInstanceInformation'], resources: [instanceArn] })],
  });
  if (volume) {
    const volumeArn = stack.formatArn({ service: 'ec2', resource: 'volume', resourceName: volume.volumeId });
    policy.addStatements(new iam.PolicyStatement({ actions: ['ec2:AttachVolume'], resources: [instanceArn, volumeArn] }));
  }
  return policy;
}
