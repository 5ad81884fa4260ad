import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { behaviourOf, holdsData, namePropertyOf, replacing } from '../../src/template/private/compare/behaviour';
import { EXCEPTIONS } from '../../src/template/private/compare/exceptions';
import { UPDATE_TABLE } from '../../src/template/private/compare/update-table';
import { ROOTS } from '../fuzz/roots';
import { outcomeOf } from '../fuzz/verdict';

const ROOT = join(__dirname, '..', '..');
const SNAPSHOTS = join(ROOT, 'test', 'examples', '__snapshots__');

test('the table is that of the pinned specification', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/facts/updates.mjs', '--stdout'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toBe(readFileSync(join(ROOT, 'src', 'template', 'private', 'compare', 'update-table.ts'), 'utf8'));
});

test('each type that an example renders has a row, in the table or by hand', () => {
  const texts = readdirSync(SNAPSHOTS).map((name) => readFileSync(join(SNAPSHOTS, name), 'utf8'));
  const rendered = new Set(texts.flatMap((text) => [...text.matchAll(/"Type": "(AWS::\w+::\w+)"/g)].map(([, type]) => type)));
  expect(rendered.size).toBeGreaterThan(50);
  expect([...rendered].filter((type) => !UPDATE_TABLE[type] && !EXCEPTIONS[type])).toEqual([]);
});

test('each type that a construct of the library renders has a row in the table, or one by hand', () => {
  const rendered = new Set<string>();
  for (const root of Object.values(ROOTS)) {
    for (const { make } of fc.sample(root.props.good, { numRuns: 4, seed: 7 })) {
      const { Resources = {} } = (outcomeOf(root, make).template ?? {}) as { Resources?: Record<string, { Type: string }> };
      for (const { Type } of Object.values(Resources)) rendered.add(Type);
    }
  }
  expect(rendered.size).toBeGreaterThan(50);
  const unknown = [...rendered].filter((type) => type.startsWith('AWS::') && !UPDATE_TABLE[type] && !EXCEPTIONS[type]);
  expect(unknown).toEqual([]);
}, 120_000);

test.each<[string, string, string]>([
  ['AWS::ECS::Service', 'SchedulingStrategy', 'replaces'],
  ['AWS::ECS::Service', 'CapacityProviderStrategy.Weight', 'none'],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'TargetType', 'replaces'],
  ['AWS::ServiceDiscovery::Service', 'DnsConfig.NamespaceId', 'replaces'],
  ['AWS::ServiceDiscovery::Service', 'DnsConfig.DnsRecords.TTL', 'none'],
  ['AWS::ServiceDiscovery::Service', 'DnsConfig', 'maybe'],
  ['AWS::RDS::DBInstance', 'Port', 'replaces'],
  ['AWS::RDS::DBInstance', 'Engine', 'maybe'],
  ['AWS::RDS::DBInstance', 'MultiAZ', 'some'],
  ['AWS::RDS::DBInstance', 'DeletionProtection', 'none'],
  ['AWS::EC2::Instance', 'InstanceType', 'some'],
  ['AWS::CDK::Metadata', 'Analytics', 'none'],
  ['Custom::Anything', 'Input', 'maybe'],
])('%s: a change of %s: %s', (type, path, expected) => expect(behaviourOf(type, path)).toBe(expected));

test('names, data and replacing properties are those of the table', () => {
  expect(['AWS::RDS::DBInstance', 'AWS::ECS::Service', 'AWS::IAM::Policy'].map(namePropertyOf)).toEqual([
    'DBInstanceIdentifier',
    'ServiceName',
    undefined,
  ]);
  expect(['AWS::RDS::DBInstance', 'AWS::ECS::Service'].map(holdsData)).toEqual([true, false]);
  expect(replacing('AWS::EC2::Subnet', false)).not.toContain('Ipv6CidrBlock');
  expect(replacing('AWS::EC2::Subnet', true)).toContain('Ipv6CidrBlock');
});

test('what is written by hand names its page, and corrects properties that the table has or does not have', () => {
  for (const [type, exceptions] of Object.entries(EXCEPTIONS)) {
    expect(exceptions!.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    // What the table says already need not be written.
    const same = Object.entries(exceptions!.changes).filter(([path, behaviour]) => {
      const { replaces = '', mayReplace = '' } = UPDATE_TABLE[type] ?? {};
      const said = replaces.split(' ').includes(path) ? 'replaces' : mayReplace.split(' ').includes(path) ? 'maybe' : 'none';
      return said === behaviour;
    });
    expect(same).toEqual([]);
  }
});
