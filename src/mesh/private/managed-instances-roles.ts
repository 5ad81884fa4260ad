import { IRole, ManagedPolicy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Compliance } from '../../core/compliance';
import { acknowledge } from '../../core/private/acknowledge';

/** What the hosts do, on which AWS alone runs software. */
export function createInstanceRole(scope: Construct): Role {
  const role = new Role(scope, 'InstanceRole', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    description: 'Managed container hosts',
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInstanceRolePolicyForManagedInstances')],
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInstanceRolePolicyForManagedInstances]',
    'AWS writes and updates the software of these hosts, and keeps this policy in step with it; a copy would go stale.',
  );
  return role;
}

/**
 * What ECS does to manage hosts. The policy of AWS may pass roles called `ecsInstanceRole...` only, and a name of one's own clashes in the
 * next region; so the one role that is passed is allowed by itself. With the role, so that it leaves after the hosts.
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
    'ECS says what it needs to manage hosts, and limits it to those that it has tagged; a copy would go stale.',
  );
  return role;
}
