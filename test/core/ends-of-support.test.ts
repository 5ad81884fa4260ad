import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import {
  ContainerRedis,
  Ec2HostRedis,
  ElastiCacheEngine,
  ElastiCacheRedis,
  MeshNetwork,
  NatStrategy,
  PostgresDatabase,
} from 'cdk-ecs-mesh';
import { describeEnded, findEnded, findEnding, warnIfEnded } from '../../src/core/private/ends-of-support';
import { PRODUCTS, READ_ON } from '../../src/core/private/ends-of-support-table';
import { newMesh, newStack } from '../helpers';

const DAY = /^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const ACK = ' [ack: cdk-ecs-mesh:VersionEnded]';

describe('DT-10: the table of ends of support', () => {
  test.each(Object.entries(PRODUCTS))(
    '%s: days are days, and no page was read after the table',
    (_, { read, versions, minors }) => {
      const days = [read, ...Object.values(versions).flat(), ...(minors ?? []).flatMap(([, ...rest]) => rest)];
      expect(days.filter((day) => day === undefined || !DAY.test(day))).toEqual([]);
      expect(read <= READ_ON).toBe(true);
    },
  );

  test.each(Object.entries(PRODUCTS))(
    '%s: what comes later comes later, and is named',
    (_, { versions, minors, later, source }) => {
      const both = Object.values(versions).filter(([, second]) => second !== undefined);
      expect(both.filter(([first, second]) => first! >= second!)).toEqual([]);
      expect((minors ?? []).filter(([, end, closed]) => closed !== undefined && closed >= end)).toEqual([]);
      expect(both.length > 0).toBe(later !== undefined);
      expect(source).toMatch(/^https:\/\//);
    },
  );

  test.each(Object.entries(PRODUCTS))('%s: minor versions have their major one, oldest first', (_, { versions, minors = [] }) => {
    const major = ([version]: readonly [string, ...unknown[]]) => version.slice(0, version.lastIndexOf('.'));
    const number = ([version]: readonly [string, ...unknown[]]) => Number(version.slice(version.lastIndexOf('.') + 1));
    expect(minors.filter((minor) => !(major(minor) in versions))).toEqual([]);
    expect(
      minors.filter((minor, i) => i > 0 && major(minor) === major(minors[i - 1]) && number(minor) <= number(minors[i - 1])),
    ).toEqual([]);
  });

  test.each([
    ['17', '17', '2030-02-28', undefined],
    ['17.7', '17', '2030-02-28', undefined],
    ['17.6', '17.6', '2026-10-31', '2026-10-01'],
    ['17.5', '17.6', '2026-10-31', '2026-10-01'],
    ['17.4', '17.4', '2026-05-31', '2026-05-01'],
    ['13.2', '13', '2026-02-28', undefined],
  ])('PostgreSQL %s has the row of %s', (version, row, standard, closed) => {
    expect(findEnding('rds/postgres', version)).toMatchObject({ version: row, standard });
    expect(findEnding('rds/postgres', version)!.closed).toBe(closed);
  });

  test.each([
    ['image/nginx', '1.20', '1.24'],
    ['image/nginx', '1.9.1', '1.24'],
    ['image/node', '12', '14'],
    ['rds/postgres', '9.5.2', '9.6'],
  ])('%s %s ended before the oldest row, %s', (product, version, oldest) => {
    const ended = findEnded(product, version)!;
    expect(ended).toMatchObject({ version: oldest, isEarlier: true });
    expect(describeEnded(product, ended)).toBe(`its support ended on ${PRODUCTS[product].versions[oldest][0]} or earlier`);
  });

  test.each([
    ['rds/postgres', '99'],
    ['rds/oracle', '19'],
    ['lambda', 'provided.al2099'],
    ['image/python', '3'],
    ['image/nginx', '1'],
    ['image/mariadb', '10'],
    ['lambda', '5'],
  ])('%s %s has none', (product, version) => expect(findEnding(product, version)).toBeUndefined());
});

describe('DT-10: a version past its end is a warning with the remedy and the source', () => {
  const says = (stack: Stack, path: string, text: string) => Annotations.fromStack(stack).hasWarning(path, `${text}${ACK}`);
  const silent = (stack: Stack) =>
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('cdk-ecs-mesh:VersionEnded'));

  test('a minor version of which no new one can be made', () => {
    const stack = newStack();
    warnIfEnded(stack, 'version', 'rds/postgres', '17.5');
    says(
      stack,
      '/Shop',
      '`version` is RDS for PostgreSQL 17.5: no new one can be made since 2026-10-01, its support ended on 2026-10-31 (https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html, read on 2026-11-29); choose a newer version',
    );
  });

  test('PostgresDatabase', () => {
    const stack = newStack();
    new PostgresDatabase(stack, 'Database', { mesh: newMesh(stack), version: PostgresEngineVersion.VER_13 });
    says(
      stack,
      '/Shop/Database',
      '`version` is RDS for PostgreSQL 13: its support ended on 2026-02-28, Extended Support is billed until 2029-02-28 (https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html, read on 2026-11-29); choose a newer version',
    );
  });

  test('ElastiCacheRedis', () => {
    const stack = newStack();
    new ElastiCacheRedis(stack, 'Redis', { mesh: newMesh(stack), engine: ElastiCacheEngine.of('redis', '5.0.6', 'redis5.0') });
    says(
      stack,
      '/Shop/Redis',
      '`engine` is ElastiCache for Redis OSS 5.0.6: its support ended on 2026-01-31, Extended Support is billed until 2029-01-31 (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html, read on 2026-11-29); choose a newer version',
    );
  });

  test('ContainerRedis', () => {
    const stack = newStack();
    new ContainerRedis(stack, 'Redis', { mesh: newMesh(stack), image: ContainerImage.fromRegistry('redis:7.0-alpine') });
    says(
      stack,
      '/Shop/Redis',
      '`image` is Redis 7.0: its support ended on 2024-07-29 (https://github.com/redis/redis/security/policy, read on 2026-11-29); choose a newer version',
    );
  });

  test('Ec2HostRedis', () => {
    const stack = newStack();
    const mesh = newMesh(stack, { network: MeshNetwork.threeTier({ nat: NatStrategy.single() }) });
    new Ec2HostRedis(stack, 'Redis', { mesh, image: 'redis/redis-stack-server:7.4.0-v3' });
    says(
      stack,
      '/Shop/Redis',
      '`image` is Redis Stack 7.4.0: its support ended on 2025-12-31 (https://github.com/redis-stack/redis-stack, read on 2026-11-29); choose a newer version',
    );
  });

  test('defaults, versions that go on, unknown versions and tokens are silent', () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const version = new CfnParameter(stack, 'Version').valueAsString;
    new PostgresDatabase(stack, 'Database', { mesh });
    new PostgresDatabase(stack, 'Minor', { mesh, version: PostgresEngineVersion.of('17.7', '17') });
    new PostgresDatabase(stack, 'Later', { mesh, version: PostgresEngineVersion.of(version, version) });
    new ElastiCacheRedis(stack, 'Default', { mesh });
    new ElastiCacheRedis(stack, 'Token', { mesh, engine: ElastiCacheEngine.valkey(version) });
    new ElastiCacheRedis(stack, 'Unknown', { mesh, engine: ElastiCacheEngine.valkey('99.0') });
    new ContainerRedis(stack, 'Container', { mesh });
    new ContainerRedis(stack, 'Newer', { mesh, image: ContainerImage.fromRegistry('redis:8-alpine') });
    new ContainerRedis(stack, 'Own', { mesh, image: ContainerImage.fromRegistry(`my/redis:${version}`) });
    silent(stack);
  });
});
