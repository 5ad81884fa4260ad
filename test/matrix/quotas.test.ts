import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnSecurityGroupEgress, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnReplicationGroup } from 'aws-cdk-lib/aws-elasticache';
import {
  ApplicationLoadBalancer,
  CfnListener,
  CfnLoadBalancer,
  CfnTargetGroup,
  ListenerAction,
  ListenerCertificate,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DualAlbGateway, Endpoint, ExternalSide, Rollout, Scaling } from 'cdk-ecs-mesh';
import { QUOTAS } from '../../src/core/private/quotas';
import { WEB, messageOf, newMesh, newService, newStack, templateOf } from '../helpers';

/** A stack with a container that has these variables. */
function withVariables(environment: Record<string, string>): Stack {
  const stack = newStack();
  newService(newMesh(stack), 'Web', { containers: [{ ...WEB, environment }] });
  return stack;
}

/** A server that services of other stacks call. */
function withClients(count: number): Stack {
  const app = new App();
  const stack = newStack('Shop', app);
  const mesh = newMesh(stack);
  const port = newService(mesh, 'Web').port('http');
  for (let i = 0; i < count; i++) newService(mesh, `Client${i}`, {}, newStack(`S${i}`, app)).connectTo(port);
  return stack;
}

const variables = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`V${i}`, 'x']));
const warnings = (stack: Stack, id: string) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(`cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => String(entry.data));

describe('T38, PR-50: bytes of a task definition', () => {
  test('64,000 in a variable are accepted', () =>
    expect(() => templateOf(withVariables({ BIG: 'x'.repeat(64_000) }))).not.toThrow());
  test('more than 64 KiB are refused', () =>
    expect(() => templateOf(withVariables({ BIG: 'x'.repeat(65_537) }))).toThrow(
      /`containers` must make a task definition of at most 65536 bytes, got "\d+ bytes, without what only a deployment knows"; move large values to Parameter Store, Secrets Manager or a file in a bucket, and read them there \[TaskDefinitionSize\]/,
    ));
});

describe('T38, PR-49: variables of a container', () => {
  test('a hundred are no finding', () => expect(warnings(withVariables(variables(100)), 'VariableCount')).toEqual([]));
  test('more are a warning', () =>
    expect(warnings(withVariables(variables(101)), 'VariableCount')).toEqual([
      'Container web has 101 environment variables. More than 100 have been reported to arrive as an empty list ' +
        '(https://github.com/aws/aws-cdk/issues/38225). Connect fewer servers, or read settings from Parameter Store. ' +
        '[ack: cdk-ecs-mesh:VariableCount]',
    ]));
});

describe('T38, PR-51: rules of a security group, over all stacks', () => {
  test('60 are no finding', () => expect(warnings(withClients(60), 'SecurityGroupRules')).toEqual([]));
  test('61 are a warning', () =>
    expect(warnings(withClients(61), 'SecurityGroupRules')).toEqual([
      'Shop/Web/SecurityGroup/Resource has 61 inbound rules; a security group has at most 60 in each direction unless the quota was ' +
        'raised (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html). Raise it before you deploy, or let clients ' +
        'call a route of the internal load balancer. [ack: cdk-ecs-mesh:SecurityGroupRules]',
    ]));
});

describe('T38, PR-51: outbound rules of a security group, in the group and beside it', () => {
  const withRules = (count: number) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    newService(mesh, 'Web');
    const group = new SecurityGroup(stack, 'Group', { vpc: mesh.vpc, allowAllOutbound: false });
    const addressOf = (i: number) => `10.1.${i}.0/24`;
    for (let i = 0; i < 30; i++) group.addEgressRule(Peer.ipv4(addressOf(i)), Port.tcp(443));
    for (let i = 30; i < count; i++) {
      const rule = { groupId: group.securityGroupId, ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: addressOf(i) };
      new CfnSecurityGroupEgress(stack, `Rule${i}`, rule);
    }
    return stack;
  };
  test('60 are no finding', () => expect(warnings(withRules(60), 'SecurityGroupRules')).toEqual([]));
  test('61 are a warning', () =>
    expect(warnings(withRules(61), 'SecurityGroupRules')).toEqual([
      expect.stringContaining('Shop/Group/Resource has 61 outbound rules; a security group has at most 60 in each direction'),
    ]));
});

describe('T38: targets of a load balancer', () => {
  /** Two services on one load balancer, one of which scales, and one of which runs two versions. */
  const withTasks = (most: number, { onSchedule = 1 } = {}) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const { external } = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
    const scaling = Scaling.between(1, most).onSchedule({
      noon: { schedule: Schedule.cron({ hour: '12' }), maxTasks: onSchedule },
    });
    external.route('Web', { target: newService(mesh, 'Web', { scaling }).port('http'), paths: ['/web/*'] });
    const fixed = newService(mesh, 'Fixed', { scaling: Scaling.fixed(400), rollout: Rollout.blueGreen() });
    external.route('Fixed', { target: fixed.port('http') });
    return stack;
  };
  const text =
    'Shop/Gateway/External/LoadBalancer/Resource has 1001 targets when its services have their maximum number of tasks; a load balancer ' +
    `has at most 1000 unless the quota was raised (${QUOTAS.targetsOfLoadBalancer.source}). Raise it before you deploy, lower the maximum ` +
    'of `scaling`, or add a second DualAlbGateway. [ack: cdk-ecs-mesh:LoadBalancerTargets]';

  test('1,000 are no finding', () => expect(warnings(withTasks(600), 'LoadBalancerTargets')).toEqual([]));
  test('1,001 are a warning', () => expect(warnings(withTasks(601), 'LoadBalancerTargets')).toEqual([text]));
  test.each([
    ['application', [expect.stringContaining('has 1001 targets')]],
    ['network', []], // other quotas, by zone
  ])('1,001 of a load balancer of type %s', (type, expected) => {
    const stack = newStack();
    const service = newService(newMesh(stack), 'Web', { scaling: Scaling.fixed(1001) });
    const { ref: loadBalancerArn } = new CfnLoadBalancer(stack, 'Door', { type, subnets: ['subnet-1', 'subnet-2'] });
    const { ref: targetGroupArn } = new CfnTargetGroup(stack, 'Targets', {
      port: 80,
      protocol: type === 'network' ? 'TCP' : 'HTTP',
    });
    new CfnListener(stack, 'Listener', { loadBalancerArn, port: 80, defaultActions: [{ type: 'forward', targetGroupArn }] });
    const resource = service.node.findAll().find((node) => node instanceof CfnService)!;
    resource.loadBalancers = [{ targetGroupArn, containerName: 'web', containerPort: 8080 }];
    expect(warnings(stack, 'LoadBalancerTargets')).toEqual(expected);
  });
  test('1,001 by a schedule are a warning', () =>
    expect(warnings(withTasks(2, { onSchedule: 601 }), 'LoadBalancerTargets')).toEqual([text]));
});

describe('T38: policies', () => {
  const withRole = (fill: (stack: Stack, role: Role) => void) => {
    const stack = withVariables({});
    fill(stack, new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }));
    return stack;
  };
  const managed = (count: number) =>
    withRole((_, role) => {
      for (let i = 0; i < count; i++) role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(`P${i}`));
    });
  const statement = (characters: number) =>
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'b'.repeat(characters)}`] });
  const inline = (count: number) =>
    withRole((stack, role) => {
      for (let i = 0; i < count; i++) new Policy(stack, `P${i}`, { roles: [role], statements: [statement(3000)] });
    });

  test('ten managed policies are no finding', () => expect(warnings(managed(10), 'ManagedPolicies')).toEqual([]));
  test('eleven are a warning', () =>
    expect(warnings(managed(11), 'ManagedPolicies')).toEqual([
      'Shop/Role/Resource has 11 managed policies; a role has at most 10 unless the quota was raised ' +
        '(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). Raise it before you deploy, or combine the policies. ' +
        '[ack: cdk-ecs-mesh:ManagedPolicies]',
    ]));
  test('9,000 characters inline are accepted', () => expect(() => templateOf(inline(3))).not.toThrow());
  test('12,000 are refused', () =>
    expect(() => templateOf(inline(4))).toThrow(
      /`policies of Shop\/Role\/Resource` must have at most 10240 characters \(characters of the inline policies of a role: https:\S+\), got 12\d{3}; grant a path or a prefix instead of single resources, or split the service \[PolicySize\]/,
    ));
  test.each([
    [5900, /^$/],
    [6200, /`policies of Shop\/Large\/Resource` must have at most 6144 characters/],
  ])('a managed policy with a name of %d characters', (characters, message) => {
    const stack = withRole((scope) => new ManagedPolicy(scope, 'Large', { statements: [statement(characters)] }));
    expect(messageOf(() => templateOf(stack))).toMatch(message);
  });
  test('two hundred buckets of one service: CDK divides its policy, and the quotas hold', () => {
    const stack = newStack();
    const web = newService(newMesh(stack), 'Web');
    for (let i = 0; i < 200; i++) {
      web.connectTo(Endpoint.bucket(Bucket.fromBucketName(stack, `B${i}`, `bucket-${i}`)), { as: `B${i}` });
    }
    expect(messageOf(() => templateOf(stack))).toBe('');
  });
});

describe('T38: a load balancer of the app', () => {
  /** A load balancer beside a mesh, with rules and certificates that are not ours. */
  const withListener = (rules: number, certificates: number) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    newService(mesh, 'Web');
    const loadBalancer = new ApplicationLoadBalancer(stack, 'Lb', { vpc: mesh.vpc });
    const names = Array.from({ length: certificates + 1 }, (_, i) =>
      ListenerCertificate.fromArn(`arn:aws:acm:eu-west-1:111111111111:certificate/${i}`),
    );
    const action = ListenerAction.fixedResponse(404);
    const listener = loadBalancer.addListener('Https', { port: 443, certificates: names, defaultAction: action });
    for (let i = 0; i < rules; i++) {
      listener.addAction(`R${i}`, { priority: i + 1, conditions: [ListenerCondition.pathPatterns([`/${i}`])], action });
    }
    return stack;
  };

  test('100 rules and 25 additional certificates are no finding', () => {
    const stack = withListener(100, 25);
    expect([...warnings(stack, 'ListenerRules'), ...warnings(stack, 'ListenerCertificates')]).toEqual([]);
  });
  test('more are warnings', () => {
    const stack = withListener(101, 26);
    const say = (what: string, most: number, id: string) =>
      `The load balancer of Shop/Lb/Resource has ${what}; a load balancer has at most ${most} unless the quota was raised (${QUOTAS.rulesOfLoadBalancer.source}). ` +
      `Raise it before you deploy, or add a second DualAlbGateway. [ack: cdk-ecs-mesh:${id}]`;
    expect(warnings(stack, 'ListenerRules')).toEqual([say('101 listener rules', 100, 'ListenerRules')]);
    expect(warnings(stack, 'ListenerCertificates')).toEqual([say('26 additional certificates', 25, 'ListenerCertificates')]);
  });
});

describe('T38: alarms', () => {
  const withActions = (count: number) => {
    const stack = withVariables({});
    const alarm = new Alarm(stack, 'Alarm', {
      metric: new Metric({ namespace: 'N', metricName: 'M' }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    for (let i = 0; i < count; i++) {
      alarm.addAlarmAction(new SnsAction(Topic.fromTopicArn(stack, `T${i}`, `arn:aws:sns:eu-west-1:111111111111:t${i}`)));
    }
    return stack;
  };
  test('five actions are accepted', () => expect(() => templateOf(withActions(5))).not.toThrow());
  test('six are refused', () =>
    expect(() => templateOf(withActions(6))).toThrow(
      /`actions of Shop\/Alarm\/Resource` must have at most 5 entries .*, got 6; send it to one topic, and subscribe the others to that \[AlarmActions\]/,
    ));
});

describe('T38: names that are unique in an account and Region', () => {
  const twoOf = (make: (stack: Stack, id: string) => unknown) => {
    const stack = withVariables({});
    make(stack, 'A');
    make(stack, 'B');
    return messageOf(() => templateOf(stack));
  };
  test.each<[string, (stack: Stack, id: string) => unknown]>([
    ['queueName', (stack, id) => new Queue(stack, id, { queueName: 'jobs' })],
    ['topicName', (stack, id) => new Topic(stack, id, { topicName: 'jobs' })],
    ['bucketName', (stack, id) => new Bucket(stack, id, { bucketName: 'jobs' })],
    ['logGroupName', (stack, id) => new LogGroup(stack, id, { logGroupName: 'jobs' })],
    [
      'roleName',
      (stack, id) => new Role(stack, id, { roleName: 'jobs', assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    ],
    [
      'replicationGroupId',
      (stack, id) =>
        new CfnReplicationGroup(stack, id, { replicationGroupDescription: 'd', replicationGroupId: id === 'A' ? 'Jobs' : 'jobs' }),
    ],
  ])('%s twice is refused', (property, make) => {
    expect(twoOf(make)).toMatch(
      new RegExp(
        `\`${property} of Shop/B(/Resource)?\` must be unique in an account and Region, and Shop/A(/Resource)? \\(AWS::\\S+\\) has it too, got "jobs"; ` +
          'choose another name, or leave it out where it is optional \\[NameTwice\\]',
      ),
    );
  });
  test('two without names are accepted', () => expect(twoOf((stack, id) => new Queue(stack, id))).toBe(''));
  test('two of another kind, or of another place, are accepted', () => {
    const stack = withVariables({});
    new Queue(stack, 'Q', { queueName: 'jobs' });
    new Topic(stack, 'T', { topicName: 'jobs' });
    new Queue(new Stack(stack.node.root, 'Far', { env: { account: '111111111111', region: 'us-east-1' } }), 'Q', {
      queueName: 'jobs',
    });
    expect(messageOf(() => templateOf(stack))).toBe('');
  });
});

test.each(Object.entries(QUOTAS))('docs/scale.md has %s with its source', (_, { limit, of, source }) => {
  const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8').split('\n');
  expect(page.filter((line) => line.startsWith(`| ${limit.toLocaleString('en-US')} ${of} `) && line.includes(source))).toHaveLength(
    1,
  );
});
