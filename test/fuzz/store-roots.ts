import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { PostgresEngineVersion } from 'aws-cdk-lib/aws-rds';
import * as lib from 'cdk-ecs-mesh';
import * as fc from 'fast-check';
import { Root, bool, word, instance, bucket, policy } from './common';
import { fargateComputes, hours, storedSecret } from './service-props';
import {
  also,
  call,
  duration,
  either,
  list,
  made,
  map,
  matching,
  number,
  oneOf,
  opt,
  plain,
  sample,
  size,
  struct,
  text,
} from './values';

const rotatorOf = (name: string) =>
  sample(`rotation function ${name}`, (s) =>
    Lambda.fromFunctionAttributes(s.stack, `Given${name}`, {
      functionArn: `arn:aws:lambda:eu-west-1:111111111111:function:${name}`,
      securityGroup: SecurityGroup.fromSecurityGroupId(s.stack, `${name}Group`, 'sg-0'),
      sameEnvironment: true,
    }),
  );
const rotator = made(rotatorOf('rotate'), rotatorOf('other'));

export const containerRedis: Root = {
  props: struct('ContainerRedisProps', {
    user: opt(text('999:1000', '999')),
    discoveryName: opt(word()),
    compute: opt(fargateComputes),
    taskSize: also(
      opt(struct('TaskSize', { cpu: also(number(256, 256), plain(512)), memoryMiB: also(number(512, 512), plain(1024)) })),
      plain({ cpu: 512, memoryMiB: 1024 }),
    ),
    maxMemoryMiB: opt(number(64, 128)),
    maxMemoryPolicy: opt(policy),
    exposure: opt(
      either(
        call(
          'RedisExposure.serviceConnect',
          lib.RedisExposure.serviceConnect,
          struct('RedisServiceConnectOptions', { dnsName: opt(word()) }),
        ),
        call('RedisExposure.networkLoadBalancer', lib.RedisExposure.networkLoadBalancer),
      ),
    ),
    persistence: opt(
      either(
        call('RedisPersistence.none', lib.RedisPersistence.none),
        call(
          'RedisPersistence.appendOnly',
          lib.RedisPersistence.appendOnly,
          struct('AppendOnlyOptions', { fsync: opt(oneOf(...Object.values(lib.AppendFsync))) }),
        ),
      ),
    ),
    authentication: opt(oneOf(...Object.values(lib.RedisAuthentication))),
  }),
  build: (s, props) => s.service.connectTo(new lib.ContainerRedis(s.stack, 'Root', { mesh: s.mesh, ...(props as object) })),
};

export const ec2Redis: Root = {
  props: struct('Ec2HostRedisProps', {
    recordName: opt(word()),
    instanceType: opt(instance),
    hostGeneration: opt(number(1, 9999)),
    image: opt(text('valkey/valkey:8.1-alpine', 'valkey/valkey:8.0-alpine')),
    port: opt(number(1024, 65535)),
    maxMemoryMiB: opt(number(64, 512)),
    maxMemoryPolicy: opt(policy),
    availabilityZone: opt(text('eu-west-1a', 'eu-west-1b')),
    persistence: opt(
      either(
        call('RedisPersistence.none', lib.RedisPersistence.none),
        call(
          'RedisPersistence.appendOnly',
          lib.RedisPersistence.appendOnly,
          struct('AppendOnlyOptions', { fsync: opt(oneOf(...Object.values(lib.AppendFsync))), volumeSize: opt(size(20, 16384)) }),
        ),
      ),
    ),
  }),
  build: (s, props) => s.service.connectTo(new lib.Ec2HostRedis(s.stack, 'Root', { mesh: s.mesh, ...(props as object) })),
};

export const elastiCache: Root = {
  props: struct('ElastiCacheRedisProps', {
    engine: opt(call('ElastiCacheEngine.valkey', lib.ElastiCacheEngine.valkey, text('8.2', '7.2'))),
    nodeType: opt(text('cache.t4g.micro', 'cache.m7g.large')),
    numReplicas: opt(number(0, 5)),
    port: opt(number(1024, 65535)),
    maxMemoryPolicy: opt(policy),
    snapshotRetentionDays: opt(number(0, 35)),
    snapshotWindow: opt(text('03:00-04:00')),
    snapshotName: opt(text('last-week', 'yesterday')),
    maintenanceWindow: opt(text('sun:05:00-sun:06:00')),
  }),
  build: (s, props) => s.service.connectTo(new lib.ElastiCacheRedis(s.stack, 'Root', { mesh: s.mesh, ...(props as object) })),
};

export const serverless: Root = {
  props: struct('ServerlessRedisProps', {
    majorEngineVersion: opt(text('8', '7')),
    maxDataStorage: opt(size(1, 5000)),
    maxEcpuPerSecond: opt(number(1000, 15_000_000)),
    snapshotRetentionDays: opt(number(0, 35)),
    dailySnapshotTime: opt(text('03:00')),
  }),
  build: (s, props) => s.service.connectTo(new lib.ServerlessRedis(s.stack, 'Root', { mesh: s.mesh, ...(props as object) })),
};

export const imported: Root = {
  props: struct('ImportedRedisProps', {
    host: text('redis.example.com', 'redis.example.org'),
    tls: bool,
    port: opt(number(1, 65535)),
    mode: opt(
      either(
        call('RedisMode.single', lib.RedisMode.single),
        call('RedisMode.withReader', lib.RedisMode.withReader, text('reader.example.com', 'reader.example.org')),
        call('RedisMode.cluster', lib.RedisMode.cluster),
      ),
    ),
    credentials: opt(
      struct('ImportedRedisCredentials', {
        secret: storedSecret,
        passwordField: opt(text('password', 'secret')),
        usernameField: opt(text('username')),
      }),
    ),
  }),
  build: (s, props) => s.service.connectTo(new lib.ImportedRedis(s.stack, 'Root', props)),
};

export const redisAlarms: Root = {
  props: struct('RedisAlarmOptions', {
    memoryPercent: opt(number(1, 100)),
    cpuPercent: opt(number(1, 100)),
    maxConnections: opt(number(1, 65000)),
    evictionsPerMinute: opt(number(1, 1000)),
  }),
  build: (s, props) => new lib.ElastiCacheRedis(s.stack, 'Root', { mesh: s.mesh }).addAlarms(props),
};

export const database: Root = {
  props: struct('PostgresDatabaseProps', {
    databaseName: opt(word()),
    version: opt(oneOf(PostgresEngineVersion.VER_17, PostgresEngineVersion.VER_16)),
    instanceType: opt(instance),
    storage: opt(size(20, 65536)),
    multiAz: opt(bool),
    backupRetention: opt(duration(86400, 35 * 86400, 86400)),
    snapshotIdentifier: opt(text('last-week', 'yesterday')),
    allowMajorVersionUpgrade: opt(bool),
    rotation: opt(
      either(
        call(
          'DatabaseRotation.managedByRds',
          lib.DatabaseRotation.managedByRds,
          struct('ManagedRotationOptions', { every: opt(duration(86400, 365 * 86400, 86400)) }),
        ),
        call(
          'DatabaseRotation.byFunction',
          lib.DatabaseRotation.byFunction,
          rotator,
          struct('FunctionRotationOptions', { every: opt(duration(86400, 365 * 86400, 86400)) }),
        ),
        call('DatabaseRotation.none', lib.DatabaseRotation.none, text('It is read once.', 'It cannot restart.')),
      ),
    ),
    officeHours: opt(hours),
  }),
  build: (s, props: object) =>
    s.service.connectTo(new lib.PostgresDatabase(s.stack, 'Root', { mesh: s.mesh, ...(props as object) })),
};

export const settings: Root = {
  props: struct('ParameterSettingsProps', {
    values: map(matching(fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/)), text('info', 'on'), 1),
    name: opt(word()),
  }),
  build: (s, props: object) => s.service.connectTo(new lib.ParameterSettings(s.stack, 'Root', { mesh: s.mesh, ...props } as never)),
};

export const flags: Root = {
  props: struct('FeatureFlagsProps', { flags: map(word(), bool, 1), name: opt(word()) }),
  build: (s, props: object) => s.service.connectTo(new lib.FeatureFlags(s.stack, 'Root', { mesh: s.mesh, ...props } as never)),
};

const tableNamed = (name: string) =>
  sample(`table ${name}`, (s) => Table.fromTableArn(s.stack, s.nextId(), `arn:aws:dynamodb:eu-west-1:111111111111:table/${name}`));

export const endpoint: Root = {
  props: struct('Endpoint', {
    to: either(
      call(
        'Endpoint.externalHost',
        lib.Endpoint.externalHost,
        text('db.example.com', 'db.example.org'),
        struct('ExternalHostOptions', { port: opt(number(1, 65535)) }),
      ),
      call('Endpoint.secret', lib.Endpoint.secret, storedSecret, struct('SecretEndpointOptions', { field: opt(text('password')) })),
      call(
        'Endpoint.bucket',
        lib.Endpoint.bucket,
        bucket,
        struct('BucketEndpointOptions', {
          access: opt(oneOf(...Object.values(lib.BucketAccess))),
          keyPrefix: opt(text('a/', 'a/b')),
        }),
      ),
      call(
        'Endpoint.table',
        lib.Endpoint.table,
        made(tableNamed('orders'), tableNamed('carts')),
        struct('TableEndpointOptions', {
          access: opt(oneOf(...Object.values(lib.TableAccess))),
          indexes: opt(list(text('by-name', 'by-day'), 0, 2)),
        }),
      ),
    ),
    options: struct('ConnectOptions', {
      as: opt(matching(fc.stringMatching(/^[A-Z]{1,8}$/))),
      containers: also(opt(list(text('helper'), 1, 1)), plain(['none'])),
      sidecars: also(opt(list(text('agent'), 0, 0)), plain(['none'])),
      afterRotation: opt(oneOf(...Object.values(lib.AfterRotation))),
    }),
  }),
  build: (s, { to, options }: { to: lib.IEndpoint; options: object }) => s.service.connectTo(to, options),
  wire: (s, { to, options = {} }: { to: lib.IEndpoint; options: lib.ConnectOptions }) => {
    s.service.connectTo(to, options);
    s.service.connectTo(new lib.PostgresDatabase(s.stack, 'Database', { mesh: s.mesh }), { ...options, as: 'DB' });
  },
};
