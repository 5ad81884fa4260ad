import { CfnResource } from 'aws-cdk-lib';
import { CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnTopic, CfnTopicInlinePolicy, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Violation, warn } from './errors';
import { targetOf, targetsIn } from './tally';

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

interface Statement {
  readonly Effect?: string;
  readonly Principal?: string | Record<string, unknown>;
  readonly Action?: string | string[];
}

/**
 * Warns of topics of the app that alarms cannot publish to: a topic with a policy has the default one no longer, by which its account may
 * publish, and an encrypted topic needs a key that CloudWatch may use.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
export function warnOfSilentAlarms(resources: CfnResource[]): Violation[] {
  for (const topic of topicsOfAlarms(resources)) {
    const statements = statementsOf(topic, resources);
    if (statements.length > 0 && !statements.some((each) => permits(each, 'sns:publish'))) {
      warn(
        topic,
        'AlarmTopicPolicy',
        `Alarms cannot publish to ${topic.node.path}: its policy, which \`enforceSSL\` or \`addToResourcePolicy\` made, takes the place of ` +
          `the default one and allows ${CLOUDWATCH} nothing. Add a statement that allows it \`sns:Publish\` with \`aws:SourceAccount\`, or ` +
          'leave `actions` of MeshAlarms out.',
      );
    }
    if (!keyPermits(topic)) {
      warn(
        topic,
        'AlarmTopicKey',
        `Alarms cannot publish to ${topic.node.path}: the policy of its key does not allow ${CLOUDWATCH} \`kms:Decrypt\` and ` +
          '`kms:GenerateDataKey*`. Add that to the policy of a key of your own; that of `alias/aws/sns` cannot be changed.',
      );
    }
  }
  return [];
}

function topicsOfAlarms(resources: CfnResource[]): Set<CfnTopic> {
  const alarms = resources.filter((node): node is CfnAlarm => node instanceof CfnAlarm || node instanceof CfnCompositeAlarm);
  const targets = alarms.flatMap((alarm) => targetsIn(alarm, [alarm.alarmActions, alarm.okActions, alarm.insufficientDataActions]));
  return new Set(targets.filter((target) => target instanceof CfnTopic));
}

/** Returns the statements of the policies of a topic. */
function statementsOf(topic: CfnTopic, resources: CfnResource[]): Statement[] {
  return resources.flatMap((node) => {
    if (node instanceof CfnTopicPolicy && targetsIn(node, node.topics).includes(topic)) return read(node, node.policyDocument);
    if (node instanceof CfnTopicInlinePolicy && targetOf(node, node.topicArn) === topic) return read(node, node.policyDocument);
    return [];
  });
}

function read(resource: CfnTopicPolicy | CfnTopicInlinePolicy | CfnKey, document: unknown): Statement[] {
  const { Statement: found = [] } = (resource.stack.resolve(document) ?? {}) as { Statement?: Statement | Statement[] };
  return [found].flat();
}

/** Returns true if the statement lets CloudWatch do it; conditions are taken to be met. */
function permits({ Effect, Principal, Action }: Statement, action: string): boolean {
  if (Effect !== 'Allow') return false;
  const { Service, AWS } = typeof Principal === 'object' ? Principal : { Service: undefined, AWS: Principal };
  const isCalled = [Service].flat().includes(CLOUDWATCH) || [AWS].flat().includes('*');
  return isCalled && [Action].flat().some((each) => each !== undefined && covers(each.toLowerCase(), action));
}

function covers(pattern: string, action: string): boolean {
  return pattern.endsWith('*') ? action.startsWith(pattern.slice(0, -1)) : pattern === action;
}

/** Returns true if the topic has no key, one whose policy lets CloudWatch use it, or one that is not in the app. */
function keyPermits(topic: CfnTopic): boolean {
  const { kmsMasterKeyId } = topic;
  if (kmsMasterKeyId === undefined) return true;
  if (/alias\/aws\/sns$/.test(kmsMasterKeyId)) return false;
  const key = targetOf(topic, kmsMasterKeyId);
  if (!(key instanceof CfnKey)) return true;
  const statements = read(key, key.keyPolicy);
  return ['kms:decrypt', 'kms:generatedatakey'].every((action) => statements.some((each) => permits(each, action)));
}
