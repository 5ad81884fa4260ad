import { ITopic } from 'aws-cdk-lib/aws-sns';
import { AwsApiEndpoint } from '../../core/private/aws-api-endpoint';
import { variablePrefix } from '../../core/private/names';

/** A topic as its publishers see it; see `Endpoint.topic`. */
export class TopicEndpoint extends AwsApiEndpoint {
  constructor(topic: ITopic) {
    super({
      ...{
        resource: topic,
        env: topic.env,
        service: 'sns',
        label: 'SNS',
        details: [topic.node.id],
        prefix: variablePrefix(topic.node.id),
      },
      variables: { TOPIC_ARN: topic.topicArn },
      ...{ actions: ['sns:Publish'], resources: [topic.topicArn] },
      ...{ key: topic.masterKey, keyActions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
    });
  }
}
