import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { acknowledge } from '../../core/private/acknowledge';
import { createRole } from '../../core/private/role';

/** Creates the role of a host: the ECS agent's work in this one cluster, and Session Manager sessions in place of SSH. */
export function createHostRole(scope: Construct, mesh: IMesh): Role {
  const role = createRole(scope, 'Role', {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    'AWS updates this policy together with the Session Manager agent, which replaces SSH; a copy would become outdated.',
  );
  for (const statement of agentStatements(mesh.cluster.clusterArn)) role.addToPolicy(statement);
  acknowledge(
    role,
    'AwsSolutions-IAM5[Resource::*]',
    'ecs:DiscoverPollEndpoint does not support resource-level permissions; Poll and StartTelemetrySession apply to hosts that do not exist yet, and are limited to the cluster by a condition.',
  );
  return role;
}

/** Returns the permissions that the ECS agent needs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
function agentStatements(clusterArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [
        'ecs:RegisterContainerInstance',
        'ecs:DeregisterContainerInstance',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
        'ecs:SubmitAttachmentStateChanges',
      ],
      resources: [clusterArn],
    }),
    new PolicyStatement({
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
    }),
    new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }),
  ];
}
