import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ISecurityGroup, Peer, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  ContainerRedis,
  DualAlbGateway,
  Ec2HostRedis,
  ElastiCacheRedis,
  ExternalSide,
  IEndpoint,
  InternalSide,
  PostgresDatabase,
  RedisExposure,
  RedisPersistence,
  ServerlessRedis,
  ServiceConnectMesh,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, openPaths, resources, templateOf } from '../helpers';

type Create = (stack: Stack, mesh: ServiceConnectMesh, securityGroup: ISecurityGroup) => IEndpoint;

const SERVERS: [string, Create, number | string][] = [
  ['ElastiCache', (stack, mesh, securityGroup) => new ElastiCacheRedis(stack, 'Server', { mesh, securityGroup }), 6379],
  ['serverless', (stack, mesh, securityGroup) => new ServerlessRedis(stack, 'Server', { mesh, securityGroup }), '6379-6380'],
  ['a host', (stack, mesh, securityGroup) => new Ec2HostRedis(stack, 'Server', { mesh, securityGroup }), 6379],
  ['a container', (stack, mesh, securityGroup) => new ContainerRedis(stack, 'Server', { mesh, existing: { securityGroup } }), 6379],
  [
    'a container behind a load balancer',
    (stack, mesh, securityGroup) => {
      const own = new SecurityGroup(stack, 'TaskGroup', { vpc: mesh.vpc, allowAllOutbound: false });
      const exposure = RedisExposure.networkLoadBalancer({ securityGroup });
      return new ContainerRedis(stack, 'Server', { mesh, exposure, existing: { securityGroup: own } });
    },
    6379,
  ],
  ['a database', (stack, mesh, securityGroup) => new PostgresDatabase(stack, 'Server', { mesh, securityGroup }), 5432],
  [
    'an internal side',
    (stack, mesh, securityGroup) => {
      const gateway = new DualAlbGateway(stack, 'Server', { network: mesh, internal: InternalSide.http({ securityGroup }) });
      return gateway.internal.route('Api', { target: newService(mesh, 'Api').port('http') });
    },
    80,
  ],
];

/** A client of a server with the security group of others. */
function arrange(create: Create, options = {}) {
  const stack = newStack();
  const mesh = newMesh(stack);
  const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-others', options);
  newService(mesh, 'Client').connectTo(create(stack, mesh, group));
  return { stack, template: templateOf(stack) };
}

function missing(stack: Stack): string[] {
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('SecurityGroupRuleLeft'));
  return warnings.map(({ entry }) => /must add the rule: (.*) \[/.exec(`${entry.data as string}`)![1]).sort();
}

describe.each(SERVERS)('PR-08, NU-1: the security group of others for %s', (_, create, port) => {
  test('is used instead of a new one, and gets the rule of each client', () => {
    const { template, stack } = arrange(create);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroup', 'Server'))).toEqual([]);
    expect(openPaths(template)).toContain(`Client -> "sg-others" ${port}`);
    expect(missing(stack)).toEqual([]);
  });

  test('that cannot be changed: the rule is said', () => {
    const { template, stack } = arrange(create, { mutable: false });
    expect(openPaths(template)).not.toContain(`Client -> "sg-others" ${port}`);
    expect(missing(stack)).toContain(`inbound on TCP ${port} from Shop/Client/SecurityGroup`);
  });
});

describe('PR-08, NU-1: what exists already for the task of a container store', () => {
  const arn = 'arn:aws:iam::111111111111:role/apps';

  test('roles, log group and security group are used, and none is created', () => {
    const { template } = arrange((stack, mesh, securityGroup) => {
      const existing = {
        securityGroup,
        taskRole: Role.fromRoleArn(stack, 'TaskRole', `${arn}/task`),
        executionRole: Role.fromRoleArn(stack, 'ExecutionRole', `${arn}/execution`),
        logGroup: LogGroup.fromLogGroupName(stack, 'Logs', '/apps/redis'),
      };
      return new ContainerRedis(stack, 'Server', { mesh, existing });
    });
    for (const type of ['EC2::SecurityGroup', 'IAM::Role', 'Logs::LogGroup']) {
      expect(Object.keys(resources(template, `AWS::${type}`, 'Server'))).toEqual([]);
    }
    const [definition] = Object.values(resources(template, 'AWS::ECS::TaskDefinition', 'Server'));
    expect(definition.Properties).toMatchObject({ TaskRoleArn: `${arn}/task`, ExecutionRoleArn: `${arn}/execution` });
    expect(openPaths(template)).toContain('Client -> "sg-others" 6379');
  });
});

describe('PR-08, NU-1: the security group of others for the file system of a container store', () => {
  const files = (options = {}) =>
    arrange((stack, mesh, securityGroup) => {
      const persistence = RedisPersistence.appendOnly({ securityGroup });
      return new ContainerRedis(stack, 'Server', { mesh, persistence });
    }, options);

  test('is used instead of a new one, and admits the server', () => {
    const { template, stack } = files();
    const mounts = Object.values(resources(template, 'AWS::EFS::MountTarget'));
    expect(mounts.map(({ Properties }) => Properties.SecurityGroups)).toEqual([['sg-others'], ['sg-others']]);
    expect(Object.keys(resources(template, 'AWS::EC2::SecurityGroup', 'FileSystem'))).toEqual([]);
    expect(openPaths(template).filter((path) => path.endsWith('2049'))).toEqual(['Server -> "sg-others" 2049']);
    expect(missing(stack)).toEqual([]);
  });

  test('that cannot be changed: the rule is said', () => {
    expect(missing(files({ mutable: false }).stack)).toEqual(['inbound on TCP 2049 from Shop/Server/Server/SecurityGroup']);
  });

  test('is refused on a host, which has no file system', () => {
    const host: Create = (stack, mesh, securityGroup) =>
      new Ec2HostRedis(stack, 'Server', { mesh, persistence: RedisPersistence.appendOnly({ securityGroup }) });
    expect(() => arrange(host)).toThrow(
      '`persistence.securityGroup` must be left out for a server on a host, whose file is on a volume and not on a file system, got "Shop/Group"; ' +
        'pass the group of the host itself as `securityGroup` of the store [FileSystemGroupOnHost at Shop/Server]',
    );
  });
});

describe('PR-08, NU-1: the security group of others for an external side', () => {
  const sides = (options: { peers?: string[]; mutable?: boolean }) => {
    const stack = newStack();
    const securityGroup = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-others', { mutable: options.mutable ?? true });
    const peers = options.peers?.map((range) => Peer.ipv4(range));
    new DualAlbGateway(stack, 'Gateway', { network: newMesh(stack), external: ExternalSide.http({ securityGroup, peers }) });
    const rules = Object.values(resources(templateOf(stack), 'AWS::EC2::SecurityGroupIngress'));
    return { stack, rules: rules.map(({ Properties: p }) => [p.GroupId, p.CidrIp, p.FromPort]) };
  };

  test('is not opened to the internet unless the peers say so', () => expect(sides({}).rules).toEqual([]));

  test('admits the peers', () => expect(sides({ peers: ['203.0.113.0/24'] }).rules).toEqual([['sg-others', '203.0.113.0/24', 80]]));

  test('that cannot be changed: the peers are said', () => {
    const { stack, rules } = sides({ peers: ['203.0.113.0/24'], mutable: false });
    expect(rules).toEqual([]);
    expect(missing(stack)).toEqual(['inbound on TCP 80 from 203.0.113.0/24']);
  });
});
