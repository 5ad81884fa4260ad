import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Creates a topic that only CloudWatch alarms of this account can publish to, and only over TLS. */
export function createAlarmTopic(scope: Construct): Topic {
  const { account } = Stack.of(scope);
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
  const conditions = { StringEquals: { 'aws:SourceAccount': account } };
  // Alarms cannot use the key that AWS keeps for SNS: its policy cannot let CloudWatch in.
  const key = new Key(scope, 'TopicKey', {
    description: `Alarm messages of ${scope.node.path}`,
    enableKeyRotation: true,
    // It protects messages in flight only.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions,
    }),
  );
  const topic = new Topic(scope, 'Topic', { masterKey: key, enforceSSL: true });
  // With a policy of its own a topic loses the default one, by which its account may publish.
  topic.addToResourcePolicy(
    new PolicyStatement({ principals: [cloudWatch], actions: ['sns:Publish'], resources: [topic.topicArn], conditions }),
  );
  return topic;
}
