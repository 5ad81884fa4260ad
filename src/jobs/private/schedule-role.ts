import { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ecsArn } from './ecs-arn';
import { runStatements, tagStatement, taskFamily } from './run-policy';
import { acknowledge, inFinding } from '../../core/private/acknowledge';
import { addStatement, keyStatements } from '../../core/private/key-statement';
import { createRole } from '../../core/private/role';
import { schedulePrincipal } from '../../core/private/schedule-principal';
import { TaskOwner } from '../../tasks/private/task-resources';

/** The job that a schedule starts, and the queue for failed starts. */
interface Started {
  readonly taskDefinition: TaskDefinition;
  readonly deadLetterQueue: IQueue;
}

/** Creates the role of the schedule, which can only start this one job in this one cluster, with these two roles. */
export function createScheduleRole(job: TaskOwner, { taskDefinition, deadLetterQueue }: Started): Role {
  const role = createRole(job, 'ScheduleRole', {
    assumedBy: schedulePrincipal(job),
    description: `Schedule of ${job.discoveryName}`,
  });
  const tasks = ecsArn(role, 'task/*');
  const statements = [...runStatements(role, job.mesh, taskDefinition), tagStatement(tasks)];
  for (const statement of statements) addStatement(role, statement);
  const family = taskFamily(role, taskDefinition);
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${inFinding(role, family)}]`,
    'The star stands for the revisions of one task definition; with a single revision a start during a deployment would be refused.',
  );
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::${inFinding(role, tasks)}]`,
    'The star stands for the ID of the task, which is known only once it runs; only a task that is being started can be tagged.',
  );
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }));
  const use = { key: deadLetterQueue.encryptionMasterKey, resource: deadLetterQueue, service: 'sqs' };
  for (const statement of keyStatements({ ...use, actions: ['kms:GenerateDataKey', 'kms:Decrypt'] })) addStatement(role, statement);
  return role;
}
