import { App, AspectPriority, Aspects, CfnResource, IAspect, RemovalPolicies, Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import { CfnRole, ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { QueueWorkerService } from 'cdk-ecs-mesh';
import { IConstruct } from 'constructs';
import { Rendered, companyExamples, paths } from './examples';
import { WEB, newMesh, newStack } from '../helpers';
import { findingsOf } from '../security/packs';

const BOUNDARY = 'arn:aws:iam::111111111111:policy/boundary';
const aspect = (visit: IAspect['visit']): IAspect => ({ visit });

/** The Aspects of a company, on an app that is still empty, after which the checks of each example run. */
function govern(app: App): void {
  const policies = new Stack(app, 'Policies');
  PermissionsBoundary.of(app).apply(ManagedPolicy.fromManagedPolicyArn(policies, 'Boundary', BOUNDARY));
  RemovalPolicies.of(app).destroy({ applyToResourceTypes: ['AWS::Logs::LogGroup'] });
  const logs = aspect((node) => {
    if (node instanceof CfnLogGroup) node.retentionInDays = 365;
  });
  const names = aspect((node) => {
    if (node instanceof CfnRole) node.roleName = `company-${node.node.addr.slice(0, 12)}`;
  });
  const adds = aspect((node) => {
    if (node instanceof Stack && !node.node.tryFindChild('Audit')) new CfnTopic(node, 'Audit', { kmsMasterKeyId: 'alias/audit' });
  });
  Aspects.of(app).add(logs, { priority: AspectPriority.MUTATING });
  Aspects.of(app).add(names, { priority: AspectPriority.MUTATING });
  Aspects.of(app).add(adds, { priority: AspectPriority.MUTATING });
}

describe('the examples with the Aspects of a company, all at once', () => {
  let found: Rendered[];
  beforeAll(() => (found = companyExamples(govern)));
  const all = (type: string) => found.filter((each) => each.type === type);

  test('the boundary is on every role, those of CDK included', () => {
    const roles = all('AWS::IAM::Role');
    expect(paths(roles.filter(({ construct }) => construct.node.path.includes('CustomResourceProvider'))).length).toBeGreaterThan(
      3,
    );
    // A function of CDK writes the ARN with the partition of its stack.
    expect(
      paths(roles.filter(({ properties }) => !JSON.stringify(properties.PermissionsBoundary ?? '').includes('boundary'))),
    ).toEqual([]);
  });

  test('every L1 role has the prefix of the company', () => {
    const roles = all('AWS::IAM::Role').filter(({ construct }) => construct instanceof CfnRole);
    expect(roles.length).toBeGreaterThan(30);
    expect(paths(roles.filter(({ properties }) => !/^company-/.test(properties.RoleName)))).toEqual([]);
  });

  test('log groups have the retention and the removal policy of the company', () => {
    const groups = all('AWS::Logs::LogGroup');
    expect(new Set(groups.map(({ properties }) => properties.RetentionInDays))).toEqual(new Set([365]));
    const kept = groups.filter(({ construct }) => (construct as CfnResource).cfnOptions.deletionPolicy !== 'Delete');
    expect(paths(kept)).toEqual([]);
  });

  test('what an Aspect adds is in the template', () =>
    expect(all('AWS::SNS::Topic').map(({ construct }) => construct.node.id)).toContain('Audit'));
});

describe('checks judge what Aspects leave, however late they come', () => {
  const late = { priority: AspectPriority.READONLY + 1 };
  const disable = aspect((node: IConstruct) => {
    if (node instanceof CfnCluster) node.clusterSettings = [{ name: 'containerInsights', value: 'disabled' }];
  });

  test('a queue worker needs the Container Insights that an Aspect turned off', () => {
    const stack = newStack();
    new QueueWorkerService(stack, 'Worker', { mesh: newMesh(stack), containers: [{ image: WEB.image }] });
    Aspects.of(stack).add(disable, late);
    expect(() => (stack.node.root as App).synth()).toThrow('Container Insights');
  });

  test('a pack finds it', () => {
    const stack = newStack();
    newMesh(stack);
    Aspects.of(stack).add(disable, late);
    expect(findingsOf(stack.node.root as App, ['AwsSolutions']).map(({ rule }) => rule)).toEqual(['ECS4']);
  });
});
