import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { NagRuleCompliance } from 'cdk-nag';
import { Rule } from '../../src/checks/private/rule';
import { readTree } from '../../src/template/private/construct-tree';

export type Verdict = 'compliant' | 'wrong' | 'not applicable';

/** The resources of a template, as CloudFormation writes them. */
export type Resources = Record<string, { Type: string; Properties?: object; DependsOn?: string[] }>;

/** Runs a rule over small templates; each rule has at least one for each verdict. */
export function judge(rule: Rule, cases: Record<string, [Verdict, Resources]>): void {
  describe(`${rule.trap}: ${rule.id}`, () => {
    test.each(Object.entries(cases))('%s', (_, [expected, resources]) => expect(verdictOf(rule, resources)).toBe(expected));
    test('is tried with every verdict', () => {
      expect(new Set(Object.values(cases).map(([verdict]) => verdict))).toEqual(new Set(['compliant', 'wrong', 'not applicable']));
    });
  });
}

/** The worst that the rule says about a resource of the template. */
function verdictOf(rule: Rule, resources: Resources): Verdict {
  const stack = stackOf(resources);
  const view = readTree(stack);
  const said = stack.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .map((node) => rule.check(view.resourceAt(node.node.path)!));
  if (said.includes(NagRuleCompliance.NON_COMPLIANT)) return 'wrong';
  return said.includes(NagRuleCompliance.COMPLIANT) ? 'compliant' : 'not applicable';
}

function stackOf(resources: Resources): Stack {
  const stack = new Stack(new App(), 'Shop');
  const made = Object.entries(resources).map(([id, { Type: type, Properties: properties, DependsOn: dependsOn = [] }]) => {
    const resource = new CfnResource(stack, id, { type, properties: properties as Record<string, unknown> });
    resource.overrideLogicalId(id);
    return { id, resource, dependsOn };
  });
  for (const { resource, dependsOn } of made) {
    dependsOn.forEach((id) => resource.addResourceDependency(made.find((other) => other.id === id)!.resource));
  }
  return stack;
}

export const ref = (id: string) => ({ Ref: id });
export const att = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });

/** A value that only a deployment can tell. */
export const UNKNOWN = { 'Fn::ImportValue': 'somewhere' };

export function service(properties: object = {}, dependsOn: string[] = []) {
  return { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: ref('Task'), ...properties }, DependsOn: dependsOn };
}

/** A task definition of one container. */
export function task(container: object = {}, properties: object = {}) {
  const containers = [{ Name: 'web', Image: 'my/web', ...container }];
  return {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: { NetworkMode: 'awsvpc', ContainerDefinitions: containers, ...properties },
  };
}

export const variable = (name: string, value: unknown) => ({ Environment: [{ Name: name, Value: value }] });

/** Puts the tasks of a service into security groups. */
export const inGroups = (...groups: unknown[]) => ({
  NetworkConfiguration: {
    AwsvpcConfiguration: { SecurityGroups: groups.map((g) => (typeof g === 'string' ? att(g, 'GroupId') : g)) },
  },
});

export function group(...ingress: object[]) {
  return { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'Group', SecurityGroupIngress: ingress } };
}

/** Ingress of TCP ports from a group, or from a network if the name has a slash. */
export function from(source: string, port: number, to = port) {
  const peer = source.includes('/') ? { CidrIp: source } : { SourceSecurityGroupId: att(source, 'GroupId') };
  return { IpProtocol: 'tcp', FromPort: port, ToPort: to, ...peer };
}

const ELB = 'AWS::ElasticLoadBalancingV2';

/** A load balancer `Lb` in group `LbGroup` with a listener that forwards to `Targets`. */
export function loadBalancer(properties: object = {}, targets: object = {}, listener: object = {}): Resources {
  return {
    Lb: { Type: `${ELB}::LoadBalancer`, Properties: { SecurityGroups: [att('LbGroup', 'GroupId')], ...properties } },
    Listener: {
      Type: `${ELB}::Listener`,
      Properties: {
        LoadBalancerArn: ref('Lb'),
        Port: 80,
        Protocol: 'HTTP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
        ...listener,
      },
    },
    Targets: { Type: `${ELB}::TargetGroup`, Properties: targets },
  };
}

/** Registers a container port in the target group `Targets`. */
export const behindLoadBalancer = (containerPort = 8080) => ({
  LoadBalancers: [{ ContainerName: 'web', ContainerPort: containerPort, TargetGroupArn: ref('Targets') }],
});

/** Makes a service scale between two numbers of tasks. */
export function scalableTarget(id: string, min: unknown = 2, max: unknown = 4): Resources[string] {
  const ResourceId = { 'Fn::Join': ['', ['service/', ref('Cluster'), '/', att(id, 'Name')]] };
  return {
    Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
    Properties: { MinCapacity: min, MaxCapacity: max, ResourceId, ServiceNamespace: 'ecs' },
  };
}
