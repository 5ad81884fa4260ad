import { Size } from 'aws-cdk-lib';
import { InstanceType, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Ec2HostRedis, Ec2HostRedisProps, IMesh, MeshNetwork, NatStrategy, RedisPersistence } from 'cdk-ecs-mesh';
import { arrange, hostOf } from './ec2-host';
import { newMesh, newStack, only, templateOf } from '../helpers';

describe('place', () => {
  test('host and disk are in the zone of the first task subnet', () => {
    const { template } = arrange();
    expect(JSON.stringify(hostOf(template).SubnetId)).toContain('PrivateSubnet1');
    expect(only(template, 'AWS::EC2::Volume').Properties.AvailabilityZone).toEqual({ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] });
  });

  test('or in another one by name', () => {
    const { mesh, stack } = fixedZones();
    const template = templateOf(new Ec2HostRedis(stack, 'Redis', { mesh, availabilityZone: 'eu-west-1b' }));
    expect(JSON.stringify(hostOf(template).SubnetId)).toContain('PrivateSubnet2');
    expect(only(template, 'AWS::EC2::Volume').Properties.AvailabilityZone).toBe('eu-west-1b');
  });

  test('works behind a NAT instance', () => {
    const network = MeshNetwork.threeTier({ nat: NatStrategy.instance() });
    expect(hostOf(arrange({}, { network }).template).SubnetId).toBeDefined();
  });
});

describe('memory', () => {
  test.each([
    ['t3.nano', 256],
    ['t4g.micro', 512],
    ['t3a.2xlarge', 16384],
    ['m7g.medium', 2048],
    ['c7i.large', 2048],
    ['m6i.xlarge', 8192],
    ['r6g.16xlarge', 262144],
    ['c7i-flex.large', 2048],
  ])('%s keeps half of its memory for data: %d MiB', (type, half) => {
    const persistence = RedisPersistence.none();
    expect(arrange({ instanceType: new InstanceType(type), persistence }).redis.maxMemoryMiB).toBe(half);
  });

  test.each([64, 1536])('maxMemoryMiB %d is a limit that holds', (maxMemoryMiB) => {
    expect(arrange({ maxMemoryMiB }).redis.maxMemoryMiB).toBe(maxMemoryMiB);
  });

  test.each([63, 1537, 100.5])('maxMemoryMiB %d is refused', (maxMemoryMiB) => {
    expect(() => arrange({ maxMemoryMiB })).toThrow(
      `\`maxMemoryMiB\` must be a whole number from 64 to 1536, three quarters of the memory of t3.small, got ${maxMemoryMiB}; ` +
        'lower it, or choose a larger instanceType [RedisMaxMemory at Data/Redis]',
    );
  });

  test.each(['c5n.large', 'x2gd.large', 'm7i.metal-24xl'])('%s needs maxMemoryMiB', (type) => {
    const instanceType = new InstanceType(type);
    expect(() => arrange({ instanceType })).toThrow(
      `\`maxMemoryMiB\` must be set for ${type}, whose memory this library does not know; ` +
        'set it to about half of the memory of the type [RedisMaxMemory at Data/Redis]',
    );
    expect(arrange({ instanceType, maxMemoryMiB: 4000 }).redis.maxMemoryMiB).toBe(4000);
    expect(() => arrange({ instanceType, maxMemoryMiB: 1 })).toThrow(
      '`maxMemoryMiB` must be a whole number of at least 64, got 1; ',
    );
  });

  test('the disk holds twice the data', () => {
    const sized = (volumeSize: Size) => arrange({ maxMemoryMiB: 1025, persistence: RedisPersistence.appendOnly({ volumeSize }) });
    expect(() => sized(Size.gibibytes(2))).toThrow(
      '`persistence.volumeSize` must be at least 3 GiB, twice the memory limit of 1025 MiB, got "2 GiB"; ' +
        'use RedisPersistence.appendOnly({ volumeSize: Size.gibibytes(3) }) or lower maxMemoryMiB [RedisVolumeSize at Data/Redis]',
    );
    expect(only(sized(Size.gibibytes(3)).template, 'AWS::EC2::Volume').Properties.Size).toBe(3);
  });
});

describe('bad input', () => {
  test.each<[string, Partial<Ec2HostRedisProps>, string]>([
    [
      'a port for root',
      { port: 1023 },
      '`port` must be a whole number from 1024 to 65535, got 1023; choose a value in that range [RedisPort at Data/Redis]',
    ],
    [
      'a port too high',
      { port: 65536 },
      '`port` must be a whole number from 1024 to 65535, got 65536; choose a value in that range [RedisPort at Data/Redis]',
    ],
    [
      'generation 0',
      { hostGeneration: 0 },
      '`hostGeneration` must be a whole number from 1 to 9999, got 0; choose a value in that range [RedisHostGeneration at Data/Redis]',
    ],
    [
      'a type before Nitro',
      { instanceType: new InstanceType('t2.micro') },
      '`instanceType` must be a type of the Nitro generation, in which the device name of the data volume is known in advance, ' +
        'got "t2.micro"; choose a newer one such as t3.small, t4g.small or m7g.large [RedisInstanceType at Data/Redis]',
    ],
    [
      'an image that is a command',
      { image: "valkey'; reboot" },
      '`image` must be an image reference that needs no login, got "valkey\'; reboot"; ' +
        'write it like valkey/valkey:8.1-alpine or public.ecr.aws/valkey/valkey@sha256:... [RedisImage at Data/Redis]',
    ],
    [
      'an image in ECR, where the host does not sign in',
      { image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/valkey:8.1' },
      '`image` must be an image reference that needs no login, got "111111111111.dkr.ecr.eu-west-1.amazonaws.com/valkey:8.1"; ' +
        'write it like valkey/valkey:8.1-alpine or public.ecr.aws/valkey/valkey@sha256:... [RedisImage at Data/Redis]',
    ],
    [
      'a full name',
      { recordName: 'redis.nidhin.local' },
      '`recordName` must be one DNS label of lowercase letters, digits and hyphens, without the domain, got "redis.nidhin.local"; ' +
        'write redis for redis.<private domain> [RedisRecordName at Data/Redis]',
    ],
  ])('%s', (_, options, message) => expect(() => arrange(options)).toThrow(message));

  test.each([1024, 65535])('port %d is a limit that holds', (port) => expect(arrange({ port }).redis.port).toBe(port));

  test('a record without a private domain', () => {
    expect(() => arrange({ recordName: 'redis' }, {})).toThrow(
      '`recordName` must be left out in a mesh without a private domain, got "redis"; ' +
        'give the mesh a privateDomain, or let clients use the address of the host [RedisRecordWithoutZone at Data/Redis]',
    );
  });

  test('a zone that the mesh is not in', () => {
    const { mesh, stack } = fixedZones();
    expect(() => new Ec2HostRedis(stack, 'Redis', { mesh, availabilityZone: 'eu-west-1c' })).toThrow(
      '`availabilityZone` must be a zone in which the mesh has task subnets, got "eu-west-1c"; ' +
        'choose one of eu-west-1a, eu-west-1b [RedisAvailabilityZone at Net/Redis]',
    );
  });

  test('task subnets without a way out', () => {
    const { mesh, stack } = fixedZones();
    const closed: IMesh = Object.create(mesh, { taskSubnets: { value: { subnetType: SubnetType.PRIVATE_ISOLATED } } });
    expect(() => new Ec2HostRedis(stack, 'Redis', { mesh: closed })).toThrow(
      '`mesh` must have private task subnets with a route to the internet: the host installs Docker and pulls its image from there, ' +
        'got "Net/Vpc/IsolatedSubnet1"; give the mesh a NAT gateway or instance, or choose a managed store such as ElastiCacheRedis ' +
        '[RedisHostNeedsWayOut at Net/Redis]',
    );
  });
});

/** A mesh in a VPC whose zones have names. */
function fixedZones() {
  const stack = newStack('Net');
  const vpc = new Vpc(stack, 'Vpc', {
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    natGateways: 1,
    subnetConfiguration: [
      { name: 'Public', subnetType: SubnetType.PUBLIC },
      { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED },
    ],
  });
  return { stack, mesh: newMesh(stack, { network: MeshNetwork.fromVpc(vpc) }) };
}
