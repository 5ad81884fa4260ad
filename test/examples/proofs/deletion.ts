import { leftovers, refusals, Resources, resourcesOf } from './leftovers';
import { cases, development, production, variant } from './variants';
import { exampleNames, wholeExamples } from '../../example-apps';

describe('T24: a stack in development mode leaves nothing behind', () => {
  test.each(exampleNames)('%s', (name) => {
    expect(leftovers(resourcesOf(variant(name, development(name))))).toEqual([]);
  });

  test.each(wholeExamples)('%s keeps its data otherwise, so that the mode is what makes the difference', (name) => {
    expect(leftovers(resourcesOf(variant(name, production(name)))).length).toBeGreaterThan(0);
  });

  test.each<[string, Resources, string[]]>([
    [
      'a database without policy',
      { Db: { Type: 'AWS::RDS::DBInstance' } },
      ['Db: DeletionPolicy Snapshot keeps it', 'Db: UpdateReplacePolicy Snapshot keeps what it replaces'],
    ],
    ['a bucket', { B: { Type: 'AWS::S3::Bucket' } }, ['B: a bucket with objects cannot be deleted']],
    ['a repository', { R: { Type: 'AWS::ECR::Repository' } }, ['R: a repository with images cannot be deleted']],
    ['logs of a database', { L: { Type: 'Custom::LogRetention' } }, ['L: the log group that it makes stays']],
    [
      'a protected load balancer',
      { A: { Type: 'X', Properties: { LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }] } } },
      ['A: deletion_protection.enabled protects it'],
    ],
    [
      'protected hosts',
      { P: { Type: 'X', Properties: { AutoScalingGroupProvider: { ManagedTerminationProtection: 'ENABLED' } } } },
      ['P: ManagedTerminationProtection protects it'],
    ],
  ])('%s is found', (_, resources, says) => {
    expect(leftovers(resources)).toEqual(says);
  });
});

describe('DT-14: a failed first deployment', () => {
  const STRICT = { compliance: 'strict', zoneName: 'demo.example', zoneId: 'Z00000000000000DEMO' };
  const more = exampleNames.map((name): [string, Record<string, string>] => [name, { ...production(name), ...STRICT }]);
  const released: [string, Record<string, string>][] = [['flask-nginx', { profile: 'production', github: 'shop/links' }]];

  test.each([...cases, ...more, ...released])('%s %j keeps nothing that it has made itself', (name, settings) => {
    const kept = Object.entries(resourcesOf(variant(name, settings))).filter(
      ([, { DeletionPolicy }]) => DeletionPolicy === 'Retain',
    );
    expect(kept.map(([id]) => id)).toEqual([]);
  });

  test.each(exampleNames)('%s in development mode can be rolled back', (name) => {
    expect(refusals(resourcesOf(variant(name, development(name))))).toEqual({});
  });
});
