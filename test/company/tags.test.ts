import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { Tags } from 'aws-cdk-lib';
import { Rendered, companyExamples } from './examples';

const TAG = { Key: 'cost-center', Value: '4711' };
const isTagged = ({ properties }: Rendered) => JSON.stringify(properties).includes(`"${TAG.Value}"`);

/** Types that CloudFormation can tag, and where tags of the app do not arrive; docs/company.md says what to do. */
const UNTAGGED: Record<string, string> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': 'aws-cdk-lib 2.269 has no tags for it',
  'AWS::ElasticLoadBalancingV2::ListenerRule': 'the rule that deployments shift must not change',
  'AWS::IAM::Role': 'of a function that CDK makes itself',
  'AWS::Lambda::Function': 'that CDK makes itself',
};
const isMadeByCdk = ({ construct }: Rendered) => /CustomResourceProvider\/(Role|Handler)$/.test(construct.node.path);

let found: Rendered[];
beforeAll(() => (found = companyExamples((app) => Tags.of(app).add(TAG.Key, TAG.Value))));
const all = (type: string) => found.filter((each) => each.type === type);

test('tags of the app reach every resource that CloudFormation can tag, but the stated ones', () => {
  const taggable = new Map(
    [...loadAwsServiceSpecSync().all('resource')].map(({ cloudFormationType, tagInformation }) => [
      cloudFormationType,
      tagInformation,
    ]),
  );
  const untagged = found.filter((each) => taggable.get(each.type) && !isTagged(each));
  expect(found.filter(isTagged).length).toBeGreaterThan(300);
  expect([...new Set(untagged.map(({ type }) => type))].sort()).toEqual(Object.keys(UNTAGGED));
  const functions = untagged.filter(({ type }) => /Role|Function/.test(type));
  expect(functions.filter((each) => !isMadeByCdk(each))).toEqual([]);
});

test('tasks have the tags of their service, or of their task definition', () => {
  const services = all('AWS::ECS::Service').map(({ properties }) => properties.PropagateTags);
  const schedules = all('AWS::Scheduler::Schedule').flatMap(({ properties }) => properties.Target.EcsParameters ?? []);
  expect(new Set(services)).toEqual(new Set(['SERVICE']));
  expect(schedules).toEqual([expect.objectContaining({ PropagateTags: 'TASK_DEFINITION', EnableECSManagedTags: true })]);
});

test('hosts, their volumes and the instances of others have them too', () => {
  for (const { properties } of all('AWS::AutoScaling::AutoScalingGroup')) {
    expect(properties.Tags).toContainEqual({ ...TAG, PropagateAtLaunch: true });
  }
  expect(all('AWS::EC2::Instance').map(({ properties }) => properties.PropagateTagsToVolumeOnCreation)).toEqual([true, true, true]);
  const managed = all('AWS::ECS::CapacityProvider').flatMap(({ properties }) => properties.ManagedInstancesProvider ?? []);
  expect(managed.map(({ PropagateTags }) => PropagateTags)).toEqual(['CAPACITY_PROVIDER']);
});

test('launch templates tag instances and volumes; that of a Redis host must not change, and its instance has its own', () => {
  const templates = all('AWS::EC2::LaunchTemplate').filter(({ construct }) => !/\/Host\d/.test(construct.node.path));
  expect(templates.length).toBeGreaterThan(0);
  for (const { properties } of templates) {
    const { TagSpecifications } = properties.LaunchTemplateData;
    expect(TagSpecifications.map((each: { ResourceType: string }) => each.ResourceType)).toEqual(['instance', 'volume']);
    expect(JSON.stringify(TagSpecifications).split(TAG.Value)).toHaveLength(3);
  }
});

test('snapshots of databases have the tags of their database', () => {
  const copied = all('AWS::RDS::DBInstance').map(({ properties }) => properties.CopyTagsToSnapshot);
  expect(new Set(copied)).toEqual(new Set([true]));
});
