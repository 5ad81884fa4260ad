import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic, TopicProps } from 'aws-cdk-lib/aws-sns';
import { MeshAlarms } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack } from '../helpers';

const CLOUDWATCH = new ServicePrincipal('cloudwatch.amazonaws.com');

/** The findings about the topic of a user for the alarms of a mesh. */
function findings(props: TopicProps = {}, change: (topic: Topic) => void = () => {}, home?: (stack: Stack) => Stack): string[] {
  const stack = newStack();
  const mesh = newMesh(stack);
  newService(mesh, 'Web');
  const topic = new Topic(home?.(stack) ?? stack, 'Topic', props);
  change(topic);
  new MeshAlarms(stack, 'Alarms', { mesh, actions: [new SnsAction(topic)] });
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('AlarmTopic'));
  const far = Annotations.fromStack(Stack.of(topic)).findWarning('*', Match.stringLikeRegexp('AlarmTopic'));
  return [...new Set([...found, ...far].map(({ entry }) => String(entry.data)))];
}

const allow =
  (actions: string[], principal = CLOUDWATCH) =>
  (topic: Topic) => {
    topic.addToResourcePolicy(new PolicyStatement({ principals: [principal], actions, resources: [topic.topicArn] }));
  };

const POLICY =
  'Alarms cannot publish to Shop/Topic/Resource: its policy, which `enforceSSL` or `addToResourcePolicy` made, takes the place of the ' +
  'default one and allows cloudwatch.amazonaws.com nothing. Add a statement that allows it `sns:Publish` with `aws:SourceAccount`, or ' +
  'leave `actions` of MeshAlarms out. [ack: cdk-ecs-mesh:AlarmTopicPolicy]';

describe('the policy of the topic', () => {
  test('the default one admits alarms', () => expect(findings()).toEqual([]));
  test('one that only denies does not', () => expect(findings({ enforceSSL: true })).toEqual([POLICY]));
  test('one for another service does not', () =>
    expect(findings({}, allow(['sns:Publish'], new ServicePrincipal('events.amazonaws.com')))).toEqual([POLICY]));
  test('one for another action does not', () => expect(findings({}, allow(['sns:Subscribe']))).toEqual([POLICY]));
  test.each(['sns:Publish', 'SNS:Publish', 'sns:*', '*'])('one that also allows %s does', (action) =>
    expect(findings({ enforceSSL: true }, allow([action]))).toEqual([]),
  );
  test('a topic of another stack is read too', () =>
    expect(
      findings(
        { enforceSSL: true },
        undefined,
        (stack) => new Stack(stack.node.root, 'Topics', { env: { account: stack.account, region: stack.region } }),
      ),
    ).toEqual([POLICY.replace('Shop/Topic', 'Topics/Topic')]));
});

describe('the key of the topic', () => {
  const withKey = (masterKey: (stack: Stack) => IKey): string[] => {
    const stack = newStack();
    const mesh = newMesh(stack);
    newService(mesh, 'Web');
    const topic = new Topic(stack, 'Topic', { masterKey: masterKey(stack) });
    new MeshAlarms(stack, 'Alarms', { mesh, actions: [new SnsAction(topic)] });
    const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('AlarmTopic'));
    return found.map(({ entry }) => String(entry.data));
  };
  const keyFor =
    (...actions: string[]) =>
    (stack: Stack) => {
      const key = new Key(stack, 'Key');
      if (actions.length > 0) key.addToResourcePolicy(new PolicyStatement({ principals: [CLOUDWATCH], actions, resources: ['*'] }));
      return key;
    };

  const KEY =
    'Alarms cannot publish to Shop/Topic/Resource: the policy of its key does not allow cloudwatch.amazonaws.com `kms:Decrypt` and ' +
    '`kms:GenerateDataKey*`. Add that to the policy of a key of your own; that of `alias/aws/sns` cannot be changed. ' +
    '[ack: cdk-ecs-mesh:AlarmTopicKey]';

  test.each([
    ['that of AWS', (stack: Stack) => Alias.fromAliasName(stack, 'Key', 'alias/aws/sns')],
    ['one with its default policy', keyFor()],
    ['one that CloudWatch may only decrypt with', keyFor('kms:Decrypt')],
  ])('%s refuses alarms', (_, masterKey) => expect(withKey(masterKey)).toEqual([KEY]));
  test.each([
    ['one with both actions', keyFor('kms:Decrypt', 'kms:GenerateDataKey*')],
    ['one with all actions', keyFor('kms:*')],
    ['one of another app', (stack: Stack) => Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1')],
  ])('%s admits them', (_, masterKey) => expect(withKey(masterKey)).toEqual([]));
});

test('the topic of MeshAlarms itself is no finding', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  newService(mesh, 'Web');
  new MeshAlarms(stack, 'Alarms', { mesh });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('AlarmTopic'))).toEqual([]);
});
