import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ecsArn } from './ecs-arn';
import { IEndpointClient } from '../../core/endpoint';
import { IMesh } from '../../core/mesh';
import { acknowledge, inFinding } from '../../core/private/acknowledge';

/** Allows tasks to protect themselves from scale-in and deployments while they work. The ECS agent acts with the task role. */
export function grantTaskProtection(worker: IEndpointClient, mesh: IMesh): void {
  const tasks = ecsArn(worker, 'task/*');
  worker.taskRole.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
      resources: [tasks],
      conditions: { ArnEquals: { 'ecs:cluster': mesh.cluster.clusterArn } },
    }),
  );
  acknowledge(
    worker.taskRole,
    `AwsSolutions-IAM5[Resource::${inFinding(worker, tasks)}]`,
    'A task learns its own id when it starts; the two actions on task protection are limited to tasks of the mesh by condition.',
  );
}
