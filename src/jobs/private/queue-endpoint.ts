import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { ConnectOptions, EndpointBinding, IEndpoint, IEndpointClient } from '../../core/endpoint';
import { requireSameEnvironment } from '../../core/private/same-environment';
import { ComponentKind } from '../../core/topology-record';

const ACTIONS = {
  send: { queue: ['sqs:SendMessage'], key: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  consume: {
    queue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    key: ['kms:Decrypt'],
  },
};

/**
 * A queue as its senders or its consumer see it. It has no dependency: senders need not wait for the worker, and two services that send to
 * each other are not circular.
 */
export class QueueEndpoint implements IEndpoint {
  constructor(
    private readonly queue: IQueue,
    private readonly workerName: string,
    private readonly access: keyof typeof ACTIONS,
  ) {}

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    const { queue } = this;
    requireSameEnvironment(client, queue);
    const server = queue.node.path;
    const actions = ACTIONS[this.access];
    const key = queue.encryptionMasterKey;
    return {
      facts: { server, protocol: 'https' },
      components: [{ id: server, kind: ComponentKind.AWS_API, label: 'SQS', details: [`queue of ${this.workerName}`] }],
      environment: { [`${options.as ?? 'QUEUE'}_URL`]: queue.queueUrl },
      policyStatements: [
        new PolicyStatement({ actions: actions.queue, resources: [queue.queueArn] }),
        ...(key ? [new PolicyStatement({ actions: actions.key, resources: [key.keyArn] })] : []),
      ],
    };
  }
}
