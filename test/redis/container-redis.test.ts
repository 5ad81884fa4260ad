import { RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ContainerImage, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  AppendFsync,
  Compute,
  ContainerRedis,
  RedisPersistence,
  ContainerRedisProps,
  MaxMemoryPolicy,
  RedisAuthentication,
  RedisExposure,
  ServiceConnect,
  ServiceConnectMesh,
  ServiceConnectMeshProps,
} from 'cdk-ecs-mesh';
import { findings, newMesh, newService, newStack, only, openPaths, resources, templateOf } from '../helpers';

/** A stack with a mesh and one store. */
function newRedis(props: Partial<ContainerRedisProps> = {}, meshProps: ServiceConnectMeshProps = {}) {
  const mesh = newMesh(newStack(), { namespaceName: 'care-ns', ...meshProps });
  const redis = new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, ...props });
  return {
    mesh,
    redis,
    /** A stack can be synthesised once: read this when nothing is to be added. */
    get template() {
      return templateOf(redis);
    },
  };
}

function containerOf(template: Template) {
  return only(template, 'AWS::ECS::TaskDefinition', 'Redis').Properties.ContainerDefinitions[0];
}

/** The directives between the markers, and what follows them. */
function configurationOf(template: Template): string[] {
  const lines: string[] = containerOf(template).Command[2].split('\n');
  return lines.slice(lines.findIndex((line) => line.startsWith('exec ')) + 1);
}

describe('without choices', () => {
  const { mesh, redis, template } = newRedis();

  test('one Valkey task on Fargate, in the namespace as redis, for a Service Connect proxy', () => {
    expect(redis.host).toBe('redis.care-ns');
    expect(redis).toMatchObject({ port: 6379, tls: false, clusterMode: false, maxMemoryMiB: 336 });
    expect(containerOf(template)).toMatchObject({ Image: 'valkey/valkey:8.1-alpine', User: '999', Name: 'redis' });
    expect(only(template, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu: '256', Memory: '512' });
    expect(only(template, 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services).toEqual([
      {
        PortName: 'redis',
        DiscoveryName: 'redis',
        ClientAliases: [{ DnsName: 'redis.care-ns', Port: 6379 }],
        Timeout: { IdleTimeoutSeconds: 3600 },
      },
    ]);
  });

  test('a named TCP port', () => {
    expect(containerOf(template).PortMappings).toEqual([{ ContainerPort: 6379, Name: 'redis', Protocol: 'tcp' }]);
  });

  test('the configuration of a cache', () => {
    expect(configurationOf(template)).toEqual([
      '# cdk-ecs-mesh:redis-config begin',
      'port 6379',
      'bind * -::*',
      'protected-mode yes',
      'dir /data',
      'maxmemory 336mb',
      'maxmemory-policy volatile-lru',
      'appendonly no',
      'save ""',
      '# cdk-ecs-mesh:redis-config end',
      'requirepass $REDIS_PASSWORD',
      'CONF',
    ]);
  });

  test('a read-only root file system, no capabilities, and /data to write to', () => {
    expect(containerOf(template)).toMatchObject({
      ReadonlyRootFilesystem: true,
      LinuxParameters: {
        Capabilities: { Drop: ['ALL'] },
        InitProcessEnabled: true,
        Tmpfs: [{ ContainerPath: '/data', Size: 16, MountOptions: ['rw', 'noexec', 'nosuid', 'nodev', 'mode=1777'] }],
      },
    });
  });

  test('the password is a secret of the container, and nowhere in the template', () => {
    const [secretId] = Object.keys(resources(template, 'AWS::SecretsManager::Secret'));
    const valueFrom = { 'Fn::Join': ['', [{ Ref: secretId }, ':password::']] };
    expect(containerOf(template).Secrets).toEqual([{ Name: 'REDIS_PASSWORD', ValueFrom: valueFrom }]);
    expect(containerOf(template).Environment).toBeUndefined();
    expect(JSON.stringify(template.toJSON())).not.toContain('resolve:secretsmanager');
  });

  test('a health check that gives the password to the client by its environment', () => {
    const { Command, ...times } = containerOf(template).HealthCheck;
    expect(Command[0]).toBe('CMD-SHELL');
    expect(Command[1]).toContain('REDISCLI_AUTH="$REDIS_PASSWORD"');
    expect(Command[1]).not.toContain(' -a ');
    expect(times).toEqual({ Interval: 10, Timeout: 5, Retries: 3, StartPeriod: 30 });
  });

  test('no load balancer and no file system', () => {
    expect([redis.loadBalancer, redis.fileSystem]).toEqual([undefined, undefined]);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template.resourceCountIs('AWS::EFS::FileSystem', 0);
  });

  test('nobody is let in before a client says so', () => {
    expect(openPaths(template)).toEqual([]);
  });

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));
});

test.each([
  ['Cache', undefined, 'cache.care-ns'],
  ['SessionStore', undefined, 'session-store.care-ns'],
  ['Redis', 'broker', 'broker.care-ns'],
])('%s with the discovery name %s is %s', (id, discoveryName, host) => {
  const mesh = newMesh(newStack(), { namespaceName: 'care-ns' });
  expect(new ContainerRedis(Stack.of(mesh), id, { mesh, discoveryName }).host).toBe(host);
});

test('FLASK-5: a short alias for clients that expect one', () => {
  const { redis, template } = newRedis({ exposure: RedisExposure.serviceConnect({ dnsName: 'redis' }) });
  expect(redis.host).toBe('redis');
  const [{ ClientAliases, DiscoveryName }] = only(template, 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Services;
  expect([DiscoveryName, ClientAliases]).toEqual(['redis', [{ DnsName: 'redis', Port: 6379 }]]);
});

test('CARE-2: a module-bearing image of its own size', () => {
  const image = ContainerImage.fromRegistry('public.ecr.aws/docker/library/redis:8.10-alpine');
  const { redis, template } = newRedis({ image, taskSize: { cpu: 1024, memoryMiB: 3072 }, user: '1000:1000' });
  expect(only(template, 'AWS::ECS::TaskDefinition').Properties).toMatchObject({ Cpu: '1024', Memory: '3072' });
  expect(containerOf(template)).toMatchObject({ Image: 'public.ecr.aws/docker/library/redis:8.10-alpine', User: '1000:1000' });
  expect(redis.maxMemoryMiB).toBe(2256);
});

test('memory and eviction as asked for', () => {
  const { template } = newRedis({ maxMemoryMiB: 100, maxMemoryPolicy: MaxMemoryPolicy.ALLKEYS_LFU });
  expect(configurationOf(template)).toEqual(expect.arrayContaining(['maxmemory 100mb', 'maxmemory-policy allkeys-lfu']));
});

test('CARE-6: without a password REDIS_URL is all that an application needs', () => {
  const { mesh, redis } = newRedis({ authentication: RedisAuthentication.NONE });
  const care = newService(mesh, 'Care');
  care.connectTo(redis);
  const template = templateOf(mesh);
  expect(redis.secret).toBeUndefined();
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  expect(configurationOf(template).slice(-2)).toEqual(['# cdk-ecs-mesh:redis-config end', 'CONF']);
  expect(configurationOf(template)).toContain('protected-mode no');
  expect(containerOf(template).HealthCheck.Command[1]).not.toContain('AUTH');
  const [container] = only(template, 'AWS::ECS::TaskDefinition', 'Care').Properties.ContainerDefinitions;
  expect(container.Secrets).toBeUndefined();
  expect(container.Environment).toContainEqual({ Name: 'REDIS_URL', Value: 'redis://redis.care-ns:6379' });
});

test('T2: client and server get a pair of rules, and nobody else', () => {
  const { mesh, redis } = newRedis();
  newService(mesh, 'Other');
  newService(mesh, 'Care').connectTo(redis);
  expect(openPaths(templateOf(mesh))).toEqual(['Care -> RedisServer 6379']);
  expect(resources(templateOf(mesh), 'AWS::EC2::SecurityGroupEgress', 'Care')).not.toEqual({});
});

test('T3: the namespace is its ARN, in the stack of the mesh and in another', () => {
  const namespace = only(newRedis().template, 'AWS::ECS::Service').Properties.ServiceConnectConfiguration.Namespace;
  expect(namespace).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^MeshNamespace/), 'Arn'] });
});

test('T4: two stores of one name in a namespace', () => {
  const { mesh } = newRedis();
  expect(() => new ContainerRedis(Stack.of(mesh), 'Second', { mesh, discoveryName: 'redis' })).toThrow(
    '`discoveryName` must be a service name that nobody else uses, and Shop/Redis/Server uses it already, got "redis"; ' +
      'set `discoveryName` to another name on one of the two [NameTaken at Shop/Second/Server]',
  );
});

describe('T18: one writer at any time', () => {
  const { redis, template } = newRedis({ persistence: RedisPersistence.appendOnly() });
  const service = only(template, 'AWS::ECS::Service', 'Redis').Properties;

  test('the old task stops before the new one starts', () => {
    expect(service.DesiredCount).toBe(1);
    expect(service.DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: 0, MaximumPercent: 100 });
    expect(service.AvailabilityZoneRebalancing).toBe('DISABLED');
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 0);
    expect(redis.service.taskCount).toBeUndefined();
  });

  test('its file is on EFS, never on a volume that goes with the task', () => {
    const [volume] = only(template, 'AWS::ECS::TaskDefinition').Properties.Volumes;
    expect(volume.EFSVolumeConfiguration).toMatchObject({
      TransitEncryption: 'ENABLED',
      AuthorizationConfig: { IAM: 'ENABLED', AccessPointId: { Ref: expect.any(String) } },
    });
    expect(service.VolumeConfigurations).toBeUndefined();
    expect(containerOf(template).MountPoints).toEqual([{ SourceVolume: 'data', ContainerPath: '/data', ReadOnly: false }]);
    expect(configurationOf(template)).toEqual(expect.arrayContaining(['appendonly yes', 'appendfsync everysec', 'dir /data']));
  });
});

describe('on EFS', () => {
  const { mesh, redis, template } = newRedis({ persistence: RedisPersistence.appendOnly({ fsync: AppendFsync.ALWAYS }) });

  test('encrypted, backed up, and kept', () => {
    expect(redis.fileSystem).toBeDefined();
    template.hasResource('AWS::EFS::FileSystem', {
      Properties: { Encrypted: true, BackupPolicy: { Status: 'ENABLED' }, ThroughputMode: 'elastic' },
      DeletionPolicy: 'RetainExceptOnCreate',
    });
    expect(configurationOf(template)).toContain('appendfsync always');
  });

  test('only over TLS, and only for whom IAM allows', () => {
    const { Statement } = only(template, 'AWS::EFS::FileSystem').Properties.FileSystemPolicy;
    expect(Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
    const [statement] = only(template, 'AWS::IAM::Policy', 'RedisServerTaskRole').Properties.PolicyDocument.Statement;
    expect(statement).toMatchObject({
      Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
    });
    const [accessPoint] = Object.keys(resources(template, 'AWS::EFS::AccessPoint'));
    expect(JSON.stringify(statement.Condition.StringEquals['elasticfilesystem:AccessPointArn'])).toContain(
      `{"Ref":"${accessPoint}"}`,
    );
  });

  test('an access point of the redis user', () => {
    template.hasResourceProperties('AWS::EFS::AccessPoint', {
      PosixUser: { Uid: '999', Gid: '999' },
      RootDirectory: { Path: '/redis', CreationInfo: { OwnerUid: '999', OwnerGid: '999', Permissions: '0700' } },
    });
  });

  test('the task, and it alone, reaches it, once it can be mounted in every zone', () => {
    expect(openPaths(template)).toEqual(['RedisServer -> RedisFileSystem 2049']);
    const targets = Object.keys(resources(template, 'AWS::EFS::MountTarget'));
    expect(targets).toHaveLength(2);
    expect(only(template, 'AWS::ECS::Service').DependsOn).toEqual(expect.arrayContaining(targets));
  });

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));
});

test('on EC2 hosts, which mount for their tasks', () => {
  const mesh = newMesh();
  const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'));
  const redis = new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, compute, persistence: RedisPersistence.appendOnly() });
  expect(openPaths(templateOf(redis))).toEqual(['MeshHosts -> RedisFileSystem 2049']);
  templateOf(redis).hasResourceProperties('AWS::ECS::TaskDefinition', { RequiresCompatibilities: ['EC2'], NetworkMode: 'awsvpc' });
});

test.each([
  [RemovalPolicy.RETAIN, 'RetainExceptOnCreate', 'true'],
  [RemovalPolicy.SNAPSHOT, 'RetainExceptOnCreate', 'true'],
  [RemovalPolicy.DESTROY, 'Delete', 'false'],
])('a mesh with %s', (removalPolicy, deletionPolicy, isProtected) => {
  const persistence = RedisPersistence.appendOnly();
  const { template } = newRedis({ persistence, exposure: RedisExposure.networkLoadBalancer() }, { removalPolicy });
  template.hasResource('AWS::EFS::FileSystem', { DeletionPolicy: deletionPolicy });
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: isProtected }]),
  });
});

describe('VOTE-1: behind its own load balancer', () => {
  const { mesh, redis } = newRedis({ exposure: RedisExposure.networkLoadBalancer() });
  const frontend = newService(mesh, 'Frontend', { networking: { serviceConnect: ServiceConnect.none() } });
  frontend.connectTo(redis);
  const template = templateOf(mesh);

  test('internal, over all zones, with a TCP listener', () => {
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Type: 'network',
      Scheme: 'internal',
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]),
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 6379, Protocol: 'TCP' });
  });

  test('VOTE-3: clients get its DNS name, and need no proxy', () => {
    const [container] = only(template, 'AWS::ECS::TaskDefinition', 'Frontend').Properties.ContainerDefinitions;
    const dnsName = { 'Fn::GetAtt': [expect.stringMatching(/^RedisLoadBalancer/), 'DNSName'] };
    expect(container.Environment).toContainEqual({ Name: 'REDIS_HOST', Value: dnsName });
    expect(only(template, 'AWS::ECS::Service', 'Redis').Properties.ServiceConnectConfiguration).toBeUndefined();
  });

  test('T20: both pairs of rules, client to load balancer and load balancer to task', () => {
    expect(openPaths(template)).toEqual(['Frontend -> Redis 6379', 'Redis -> RedisServer 6379']);
    expect(resources(template, 'AWS::EC2::SecurityGroupEgress', 'RedisSecurityGroup')).not.toEqual({});
    const group = only(template, 'AWS::EC2::SecurityGroup', 'RedisSecurityGroup').Properties;
    expect(group.SecurityGroupIngress).toBeUndefined();
  });

  test('a task that leaves is left at once', () => {
    const { TargetGroupAttributes, ...group } = only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties;
    expect(group).toMatchObject({ TargetType: 'ip', Protocol: 'TCP', Port: 6379, HealthCheckIntervalSeconds: 10 });
    expect(TargetGroupAttributes).toEqual(
      expect.arrayContaining([
        { Key: 'deregistration_delay.timeout_seconds', Value: '0' },
        { Key: 'deregistration_delay.connection_termination.enabled', Value: 'true' },
      ]),
    );
  });

  test('all memory is for the server, since there is no proxy', () => expect(redis.maxMemoryMiB).toBe(384));

  test('AwsSolutions finds nothing', () => expect(findings(mesh)).toEqual([]));
});

describe('refuses', () => {
  test('T1: a client without a proxy, whose calls would go nowhere', () => {
    const { mesh, redis } = newRedis();
    const client = newService(mesh, 'Care', { networking: { serviceConnect: ServiceConnect.none() } });
    expect(() => client.connectTo(redis)).toThrow(
      '`networking.serviceConnect` must make this service a client, or redis.care-ns does not resolve in its tasks, got "ServiceConnect.none()"; ' +
        'choose `ServiceConnect.client()`, or give the store `exposure: RedisExposure.networkLoadBalancer()` [NoProxy at Shop/Care]',
    );
  });

  test.each([NetworkMode.BRIDGE, NetworkMode.HOST])('%s network mode', (networkMode) => {
    const mesh: ServiceConnectMesh = newMesh();
    const compute = Compute.ec2(mesh.addEc2Capacity('Hosts'), { networkMode });
    expect(() => new ContainerRedis(Stack.of(mesh), 'Redis', { mesh, compute })).toThrow(
      '`compute.networkMode` must be AWS_VPC, so that the server has its own address and admits its clients only, got ' +
        `"${networkMode}"; use Compute.ec2(hosts) without \`networkMode\`, or Ec2HostRedis for a server in a host's network ` +
        '[RedisContainerNetwork at Shop/Redis]',
    );
  });

  test.each([15, 337, 16.5])('%s MiB for data in a task of 512 MiB', (maxMemoryMiB) => {
    expect(() => newRedis({ maxMemoryMiB })).toThrow(
      '`maxMemoryMiB` must be a whole number from 16 to 336, three quarters of what the task of 512 MiB has left for the server, got ' +
        `${maxMemoryMiB}; lower it, or raise \`taskSize.memoryMiB\` [RedisMaxMemory at Shop/Redis]`,
    );
  });

  test.each([16, 336])('but not %s MiB', (maxMemoryMiB) => {
    expect(newRedis({ maxMemoryMiB }).redis.maxMemoryMiB).toBe(maxMemoryMiB);
  });
});

test('a size of the volume is refused, since EFS has none', () => {
  const persistence = RedisPersistence.appendOnly({ volumeSize: Size.gibibytes(20) });
  expect(() => newRedis({ persistence })).toThrow(
    '`persistence.volumeSize` must be left out for a server in a container, whose file is on EFS, which grows with its files; ' +
      'use RedisPersistence.appendOnly(), or an Ec2HostRedis, whose file is on a volume [VolumeSizeOnEfs at ',
  );
});
