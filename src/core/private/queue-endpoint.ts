import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { AwsApiEndpoint } from './aws-api-endpoint';
import { QueueAccess } from '../queue-access';

const ACTIONS = {
  [QueueAccess.SEND]: { queue: ['sqs:SendMessage'], key: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  [QueueAccess.CONSUME]: {
    queue: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
    key: ['kms:Decrypt'],
  },
};

/** A queue as its senders or its consumers see it. */
export class QueueEndpoint extends AwsApiEndpoint {
  constructor(queue: IQueue, access: QueueAccess, { prefix, detail }: { prefix: string; detail: string }) {
    super({
      ...{ resource: queue, env: queue.env, service: 'sqs', label: 'SQS', details: [detail], prefix },
      variables: { URL: queue.queueUrl },
      ...{ actions: ACTIONS[access].queue, resources: [queue.queueArn] },
      ...{ key: queue.encryptionMasterKey, keyActions: ACTIONS[access].key },
    });
  }
}
