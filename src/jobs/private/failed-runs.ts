import { Stack } from 'aws-cdk-lib';
import { TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { taskFamily } from './run-policy';
import { warn } from '../../core/private/errors';
import { TaskOwner } from '../../tasks/private/task-resources';

/** The task of a schedule, and the queue for what failed. */
interface Failing {
  readonly taskDefinition: TaskDefinition;
  readonly deadLetterQueue: IQueue;
}

/**
 * Sends the end of a task that failed to the dead-letter queue: its first container exited with another code than 0, or it ended by something
 * else: it never started, its host was lost, AWS or a person stopped it. The schedule only starts tasks, and ECS retries none.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function reportFailedRuns(job: TaskOwner, container: string, { taskDefinition, deadLetterQueue }: Failing): void {
  const revisions = taskFamily(job, taskDefinition).replace(/\*$/, '');
  const rule = new Rule(job, 'FailedRuns', {
    description: `Failed runs of ${job.discoveryName}`,
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: {
        clusterArn: [job.mesh.cluster.clusterArn],
        lastStatus: ['STOPPED'],
        taskDefinitionArn: [{ prefix: revisions }],
        $or: [
          { containers: { name: [container], exitCode: [{ 'anything-but': 0 }] } },
          { stopCode: [{ 'anything-but': 'EssentialContainerExited' }] },
        ],
      },
    },
    targets: [{ bind: () => ({ arn: deadLetterQueue.queueArn }) }],
  });
  admit(deadLetterQueue, rule);
}

function admit(queue: IQueue, rule: Rule): void {
  const events = new ServicePrincipal('events.amazonaws.com');
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [events],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
    }),
  );
  const { account } = Stack.of(rule);
  const added = queue.encryptionMasterKey?.addToResourcePolicy(
    new PolicyStatement({
      principals: [events],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    true,
  );
  if (added?.statementAdded !== false) return;
  warn(
    rule,
    'JobKeyPolicy',
    `The policy of ${queue.encryptionMasterKey!.node.path} must allow events.amazonaws.com kms:Decrypt and kms:GenerateDataKey, or failed runs of the job ` +
      'raise no alarm: EventBridge cannot send them to the encrypted dead-letter queue.',
  );
}
