import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Compute,
  ConnectOptions,
  ContainerRedis,
  Ec2HostRedis,
  ElastiCacheRedis,
  IMesh,
  IRedisStore,
  ImportedRedis,
  MeshService,
  RedisExposure,
  RedisMode,
  ServerlessRedis,
  ServiceConnectMesh,
  TopologyRecord,
} from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

/** One row per store: how to make it, and what it promises. */
interface StoreCase {
  readonly name: string;
  readonly create: (scope: Construct, mesh: IMesh) => IRedisStore;
  readonly tls: boolean;
  /** JSON keys of the credentials, by variable without prefix. */
  readonly secrets: Record<string, string>;
  /** Variables beyond HOST, PORT, TLS and URL. */
  readonly extra: string[];
  /** Resource types that a client waits for. */
  readonly waitsFor: string[];
  /** Every open path of the store when `Api` is its one client. */
  readonly paths: string[];
  /** Path of the construct that answers. */
  readonly server?: string;
}

const USER_AND_PASSWORD = { USERNAME: 'username', PASSWORD: 'password' };
const EXISTING_SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:redis-AbCdEf';

const STORES: StoreCase[] = [
  {
    name: 'Ec2HostRedis',
    create: (scope, mesh) => new Ec2HostRedis(scope, 'Redis', { mesh }),
    tls: false,
    secrets: USER_AND_PASSWORD,
    extra: [],
    waitsFor: ['AWS::CloudFormation::WaitCondition', 'AWS::Route53::RecordSet'],
    paths: ['Api -> Redis 6379'],
  },
  {
    name: 'ContainerRedis in the namespace',
    create: (scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh }),
    tls: false,
    secrets: USER_AND_PASSWORD,
    extra: [],
    waitsFor: ['AWS::ECS::Service'],
    paths: ['Api -> RedisServer 6379'],
    server: 'Shop/Redis/Server',
  },
  {
    name: 'ContainerRedis behind its load balancer',
    create: (scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh, exposure: RedisExposure.networkLoadBalancer() }),
    tls: false,
    secrets: USER_AND_PASSWORD,
    extra: [],
    waitsFor: ['AWS::ECS::Service'],
    paths: ['Api -> Redis 6379', 'Redis -> RedisServer 6379'],
    server: 'Shop/Redis/Server',
  },
  {
    name: 'ElastiCacheRedis',
    create: (scope, mesh) => new ElastiCacheRedis(scope, 'Redis', { mesh }),
    tls: true,
    secrets: { PASSWORD: 'password' },
    extra: ['READER_HOST'],
    waitsFor: ['AWS::ElastiCache::ReplicationGroup'],
    paths: ['Api -> Redis 6379'],
  },
  {
    name: 'ServerlessRedis',
    create: (scope, mesh) => new ServerlessRedis(scope, 'Redis', { mesh }),
    tls: true,
    secrets: USER_AND_PASSWORD,
    extra: ['CLUSTER_MODE'],
    waitsFor: ['AWS::ElastiCache::ServerlessCache'],
    paths: ['Api -> Redis 6379-6380'],
  },
  {
    name: 'ImportedRedis',
    create: (scope, mesh) =>
      new ImportedRedis(scope, 'Redis', {
        host: 'redis.example.com',
        tls: true,
        mode: RedisMode.withReader('readers.example.com'),
        credentials: { secret: Secret.fromSecretCompleteArn(scope, 'RedisSecret', EXISTING_SECRET), usernameField: 'username' },
        securityGroup: new SecurityGroup(scope, 'RedisSecurityGroup', { vpc: mesh.vpc, allowAllOutbound: false }),
      }),
    tls: true,
    secrets: USER_AND_PASSWORD,
    extra: ['READER_HOST'],
    waitsFor: [],
    paths: ['Api -> Redis 6379'],
  },
];

/** Mesh, store, a client `Api` and a stranger `Other` in one stack. */
function arrange(create: StoreCase['create'], options?: ConnectOptions) {
  const stack = newStack();
  const mesh = newMesh(stack, { privateDomain: 'nidhin.local' });
  const redis = create(stack, mesh);
  const api = newService(mesh, 'Api');
  newService(mesh, 'Other');
  api.connectTo(redis, options);
  return { stack, mesh, redis, api, template: templateOf(stack) };
}

/** Mesh, store and client in a stack each. */
function arrangeInStacks(create: StoreCase['create'], compute?: (mesh: ServiceConnectMesh) => Compute) {
  const app = new App();
  const mesh = newMesh(newStack('Net', app), { privateDomain: 'nidhin.local' });
  const redis = create(newStack('Data', app), mesh);
  const client = newService(mesh, 'Api', compute ? { compute: compute(mesh) } : {}, newStack('App', app));
  client.connectTo(redis);
  const [data, clients] = [redis, client].map((construct) => templateOf(construct));
  return { app, redis, data, clients };
}

function containerOf(template: Template, service: string) {
  return only(template, 'AWS::ECS::TaskDefinition', service).Properties.ContainerDefinitions[0];
}

function environmentOf(template: Template, service: string): Record<string, unknown> {
  const entries: { Name: string; Value: unknown }[] = containerOf(template, service).Environment ?? [];
  return Object.fromEntries(entries.map(({ Name, Value }) => [Name, Value]));
}

/** The secrets of a service by variable, each as `[logical id or ARN of the secret, JSON key]`. */
function secretsOf(template: Template, service: string): Record<string, [string, string]> {
  const entries: { Name: string; ValueFrom: string | { 'Fn::Join': [string, [{ Ref: string }, string]] } }[] =
    containerOf(template, service).Secrets ?? [];
  return Object.fromEntries(
    entries.map(({ Name, ValueFrom }) => {
      const parts = typeof ValueFrom === 'string' ? ValueFrom.split(':') : ValueFrom['Fn::Join'][1][1].split(':');
      const secret = typeof ValueFrom === 'string' ? parts.slice(0, 7).join(':') : ValueFrom['Fn::Join'][1][0].Ref;
      return [Name, [secret, parts[parts.length - 3]]];
    }),
  );
}

/** Whether what the template has is only reachable over TLS; undefined where the server is not in the template. */
function encryptsTraffic(template: Template): boolean | undefined {
  const groups = Object.values(resources(template, 'AWS::ElastiCache::ReplicationGroup', 'Redis'));
  const caches = Object.values(resources(template, 'AWS::ElastiCache::ServerlessCache', 'Redis'));
  const servers = JSON.stringify(template.toJSON()).match(/redis-config begin.*?redis-config end/g) ?? [];
  const answers = [
    ...groups.map(({ Properties: p }) => p.TransitEncryptionEnabled === true),
    ...caches.map(() => true),
    ...servers.map((configuration) => configuration.includes('tls-port')),
  ];
  expect(answers.length).toBeLessThan(2);
  return answers[0];
}

describe.each(STORES)('$name', ({ create, tls, secrets, extra, waitsFor, paths, server }) => {
  const { stack, redis, template } = arrange(create);
  const [ownSecret] = Object.keys(resources(template, 'AWS::SecretsManager::Secret', 'Redis'));
  const secretId = ownSecret ?? EXISTING_SECRET;

  describe.each([
    ['REDIS', undefined],
    ['CACHE', { as: 'CACHE' }],
  ])('with the prefix %s', (prefix, options) => {
    const arranged = arrange(create, options);

    test('variables', () => {
      const scheme = tls ? 'rediss' : 'redis';
      const { redis: store, stack: own } = arranged;
      const readers = store.readerHost ? { [`${prefix}_READER_HOST`]: own.resolve(store.readerHost) } : {};
      const cluster = extra.includes('CLUSTER_MODE') ? { [`${prefix}_CLUSTER_MODE`]: 'true' } : {};
      expect(environmentOf(arranged.template, 'Api')).toEqual({
        [`${prefix}_HOST`]: own.resolve(store.host),
        [`${prefix}_PORT`]: '6379',
        [`${prefix}_TLS`]: String(tls),
        [`${prefix}_URL`]: own.resolve(`${scheme}://${store.host}:6379`),
        ...readers,
        ...cluster,
      });
    });

    test('secrets', () => {
      const expected = Object.entries(secrets).map(([name, key]) => [`${prefix}_${name}`, [secretId, key]]);
      expect(secretsOf(arranged.template, 'Api')).toEqual(Object.fromEntries(expected));
    });
  });

  test('has these variables beyond the common ones', () => {
    const common = ['HOST', 'PORT', 'TLS', 'URL'];
    const names = Object.keys(environmentOf(template, 'Api')).map((name) => name.replace('REDIS_', ''));
    expect(names.filter((name) => !common.includes(name))).toEqual(extra);
  });

  test('T23: says the truth about TLS and cluster mode', () => {
    expect(redis.tls).toBe(tls);
    expect(encryptsTraffic(template)).toBe(ownSecret ? tls : undefined);
    expect(redis.clusterMode).toBe(extra.includes('CLUSTER_MODE'));
    expect(redis.clusterMode).toBe(Object.keys(resources(template, 'AWS::ElastiCache::ServerlessCache')).length > 0);
  });

  test('never puts credentials into a variable', () => {
    const environment = JSON.stringify(environmentOf(template, 'Api'));
    expect(environment).not.toContain(secretId);
    expect(environment).not.toContain('resolve:secretsmanager');
    expect(environment).not.toContain('@');
  });

  test('T2, T20: opens its port to its client and to nobody else, on both sides', () => {
    expect(openPaths(template).filter((path) => path.includes('Redis'))).toEqual(paths);
    const egress = Object.values(resources(template, 'AWS::EC2::SecurityGroupEgress', 'Api'));
    expect(egress.map(({ Properties: p }) => `${p.FromPort}-${p.ToPort}`)).toEqual([
      paths[0].endsWith('6380') ? '6379-6380' : '6379-6379',
    ]);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroupEgress', 'Other'))).toEqual([]);
  });

  test('gives the stranger nothing', () => {
    expect(environmentOf(template, 'Other')).toEqual({});
    expect(secretsOf(template, 'Other')).toEqual({});
  });

  test('lets the execution role of its client read its one secret, and the task role nothing', () => {
    const readers = Object.entries(resources(template, 'AWS::IAM::Policy')).filter(([, policy]) =>
      JSON.stringify(policy.Properties.PolicyDocument).includes('secretsmanager:'),
    );
    expect(readers.map(([id]) => id).filter((id) => !id.startsWith('Redis'))).toEqual([expect.stringMatching(/^ApiExecutionRole/)]);
    for (const [, { Properties }] of readers) {
      const statements: { Action: string[]; Resource: unknown }[] = Properties.PolicyDocument.Statement;
      const reading = statements.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'));
      expect(reading.map(({ Resource }) => Resource)).toEqual([ownSecret ? { Ref: ownSecret } : EXISTING_SECRET]);
    }
  });

  test('T1: is there before its client', () => {
    const all: Record<string, { Type: string }> = template.toJSON().Resources;
    const dependsOn = only(template, 'AWS::ECS::Service', 'Api').DependsOn!.filter((id) => id.startsWith('Redis'));
    expect(dependsOn.map((id) => all[id].Type).sort()).toEqual(waitsFor);
  });

  test('is a box with an arrow in the picture', () => {
    const { components, connections } = TopologyRecord.of(stack);
    const id = server ?? 'Shop/Redis';
    expect(components).toContainEqual(expect.objectContaining({ id, kind: 'redis', label: 'Redis' }));
    expect(components.filter((component) => component.id.startsWith('Shop/Redis'))).toHaveLength(1);
    expect(connections).toEqual([{ client: 'Shop/Api', server: id, protocol: 'redis', dnsName: redis.host, port: 6379 }]);
  });

  test('T21: mesh, store and client can be in a stack each, and the rules are on the side of the client', () => {
    const { app, data, clients } = arrangeInStacks(create);
    expect(() => app.synth()).not.toThrow();
    expect(openPaths(data)).toEqual(paths.filter((path) => !path.startsWith('Api')));
    expect(openPaths(clients)).toEqual([expect.stringMatching(/^Api -> .*Redis.* 6379(-6380)?$/)]);
  });

  test('T21: a client on hosts of the mesh leaves the rules to the store', () => {
    const { app, data, clients } = arrangeInStacks(create, (mesh) => Compute.ec2(mesh.addEc2Capacity('Hosts')));
    expect(() => app.synth()).not.toThrow();
    expect([...openPaths(data), ...openPaths(clients)].filter((path) => path.includes(' 6379'))).toHaveLength(paths.length);
  });

  test('two clients and two prefixes on one client do not clash', () => {
    const one = newStack();
    const mesh = newMesh(one);
    const store = create(one, mesh);
    const [api, worker] = ['Api', 'Worker'].map((id) => newService(mesh, id));
    for (const client of [api, worker] as MeshService[]) client.connectTo(store);
    api.connectTo(store, { as: 'QUEUE' });
    expect(Object.keys(environmentOf(templateOf(one), 'Api'))).toEqual(expect.arrayContaining(['REDIS_HOST', 'QUEUE_HOST']));
    const ofWorker = paths.filter((path) => path.startsWith('Api')).map((path) => path.replace('Api', 'Worker'));
    expect(openPaths(templateOf(one))).toEqual([...paths, ...ofWorker].sort());
  });

  test('leaves no finding of AwsSolutions open', () => {
    expect(findings(stack).filter((finding) => finding.includes('/Redis'))).toEqual([]);
  });
});

test('GEO-13, VOTE-5: swapping one store for another changes no logical id but those of the store', () => {
  const idsWithout = ({ create }: StoreCase) => {
    const ids = Object.keys(arrange(create).template.toJSON().Resources as object);
    // Nor of the rule from the client to the store, whose id names both groups.
    return ids.filter((id) => !/^Redis|^ApiSecurityGroupto\w*Redis/.test(id)).sort();
  };
  const [first, ...others] = STORES.map(idsWithout);
  for (const other of others) expect(other).toEqual(first);
});

test('a store can be made in a scope below the stack', () => {
  for (const { create } of STORES) {
    const stack = new Stack(new App(), 'Shop', { env: { region: 'eu-west-1' } });
    const store = create(new Construct(stack, 'Stores'), newMesh(stack));
    expect(() => templateOf(store)).not.toThrow();
  }
});
