import { IRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { acknowledge } from '../../core/private/acknowledge';

/** Creates the role of the instances, on which only AWS runs software outside of containers. */
export function createInstanceRole(scope: Construct): Role {
  const role = new Role(scope, 'InstanceRole', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    description: 'Managed container hosts',
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInstanceRolePolicyForManagedInstances')],
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances]',
    'AWS updates this policy together with the software of these hosts; a copy would become outdated.',
  );
  return role;
}

/**
 * Creates the role with which ECS manages the instances. The AWS managed policy can pass only roles named `ecsInstanceRole...`, and a fixed
 * name would clash in a second Region, so the policy allows the one role that is passed. The statement is part of the role, so that it is
 * deleted after the instances.
 */
export function createInfrastructureRole(scope: Construct, instanceRole: IRole): Role {
  const passRole = new PolicyStatement({
    actions: ['iam:PassRole'],
    resources: [instanceRole.roleArn],
    conditions: { StringLike: { 'iam:PassedToService': 'ec2.*' } },
  });
  const awsPolicy = ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForManagedInstances');
  const statements = [passRole];
  const own = Compliance.of(scope).isStrict
    ? { managedPolicies: [awsPolicy, new ManagedPolicy(scope, 'PassInstanceRole', { statements })] }
    : { managedPolicies: [awsPolicy], inlinePolicies: { PassInstanceRole: new PolicyDocument({ statements }) } };
  const role = new Role(scope, 'InfrastructureRole', {
    assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    description: 'ECS, to start and end managed container hosts',
    ...own,
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForManagedInstances]',
    'AWS updates this policy for ECS and limits it to the hosts that ECS tags; a copy would become outdated.',
  );
  return role;
}
