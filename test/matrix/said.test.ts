import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InstanceType, IpProtocol, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, Platform, TarballImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import {
  Compute,
  DualAlbGateway,
  ElastiCacheEngine,
  ElastiCacheRedis,
  ExternalSide,
  HostImage,
  InternalSide,
  MeshNetwork,
  MeshService,
  PortProtocol,
  PostgresDatabase,
  RouteProps,
  ServiceConnectMesh,
  SideCertificate,
  WritablePath,
} from 'cdk-ecs-mesh';
import { newMesh, newService, newStack, WEB } from '../helpers';

const ENV = { account: '111111111111', region: 'eu-west-1' };

const stackIn = (env?: typeof ENV) => new Stack(new App(), 'Shop', { env });

/** The directory of an image. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch');
});
afterAll(() => rmSync(folder, { recursive: true }));

function warnings(stack: Stack, id: string): string[] {
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(`cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => String(entry.data));
}

describe('PR-15: an image of a directory and the processor of its task', () => {
  const withImage = (platform?: Platform, compute?: Compute) => {
    const image = ContainerImage.fromAsset(folder, { platform });
    const stack = newStack();
    newService(newMesh(stack), 'Web', { compute, containers: [{ ...WEB, image }] });
    return stack;
  };
  const platformOf = (stack: Stack): string => {
    const { directory } = (stack.node.root as App).synth({ skipValidation: true });
    const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Shop.assets.json'), 'utf8')) as {
      dockerImages: Record<string, { source: { platform: string } }>;
    };
    return Object.values(dockerImages)[0].source.platform;
  };
  const arm = Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 });
  const onArmHosts = () => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const hosts = mesh.addEc2Capacity('Hosts', { instanceType: new InstanceType('m7g.large') });
    newService(mesh, 'Web', { compute: Compute.ec2(hosts), containers: [{ ...WEB, image: ContainerImage.fromAsset(folder) }] });
    return stack;
  };

  test.each([
    ['on Fargate', () => withImage(), 'linux/amd64'],
    ['on Fargate with ARM', () => withImage(undefined, arm), 'linux/arm64'],
    ['on hosts with ARM', onArmHosts, 'linux/arm64'],
    ['that names it', () => withImage(Platform.LINUX_ARM64, arm), 'linux/arm64'],
    ['that names a variant of it', () => withImage(Platform.custom('linux/arm64/v8'), arm), 'linux/arm64/v8'],
  ])('%s is built for it', (_, make, platform) => expect(platformOf(make())).toBe(platform));

  test.each<[string, Platform, Compute | undefined, string]>([
    ['ARM on x86', Platform.LINUX_ARM64, undefined, 'linux/amd64'],
    ['x86 on ARM', Platform.LINUX_AMD64, arm, 'linux/arm64'],
    ['another one', Platform.custom('linux/s390x'), arm, 'linux/arm64'],
  ])('%s is refused', (_, platform, compute, wanted) =>
    expect(() => withImage(platform, compute)).toThrow(
      new Error(
        `\`containers[0].image\` must be built for ${wanted}, the processor of the task, got "${platform.platform}"; leave \`platform\` of ` +
          'the image out, or choose the other `cpuArchitecture` of `compute` [ImagePlatform at Shop/Web]',
      ),
    ),
  );
});

describe('PR-15: an image that a construct of the app builds', () => {
  const arm = Compute.fargate({ cpuArchitecture: CpuArchitecture.ARM64 });
  const withAsset = (platform?: Platform, compute?: Compute) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    // In a stack of its own, as a pipeline has it.
    const asset = new DockerImageAsset(new Stack(stack.node.root as App, 'Images'), 'Image', { directory: folder, platform });
    newService(mesh, 'Web', { compute, containers: [{ ...WEB, image: ContainerImage.fromDockerImageAsset(asset) }] });
    return stack;
  };

  test.each([
    [undefined, Platform.LINUX_AMD64],
    [arm, Platform.LINUX_ARM64],
    [arm, Platform.custom('linux/arm64/v8')],
  ])('for its task: %#', (compute, platform) => expect(warnings(withAsset(platform, compute), 'ImagePlatformUnset')).toEqual([]));

  test.each([
    [undefined, Platform.LINUX_ARM64, 'linux/amd64', 'LINUX_AMD64'],
    [arm, Platform.LINUX_AMD64, 'linux/arm64', 'LINUX_ARM64'],
  ])('for another processor: %#', (compute, platform, wanted, name) =>
    expect(() => withAsset(platform, compute)).toThrow(
      new Error(
        `\`containers[0].image\` must be built for ${wanted}, the processor of the task, got "${platform.platform}"; set \`platform: Platform.${name}\` of ` +
          'Images/Image, or choose the other `cpuArchitecture` of `compute` [ImagePlatform at Shop/Web]',
      ),
    ),
  );

  test('for the machine that builds it', () =>
    expect(warnings(withAsset(undefined, arm), 'ImagePlatformUnset')).toEqual([
      '`containers[0].image`: Images/Image is built for the processor of the machine that builds it, and the task has linux/arm64. On another ' +
        'machine, its containers end with `exec format error`: set `platform: Platform.LINUX_ARM64` there. [ack: cdk-ecs-mesh:ImagePlatformUnset]',
    ]));

  test('from a file, whose processor nobody knows', () => {
    const stack = newStack();
    const tarball = new TarballImageAsset(stack, 'Image', { tarballFile: join(folder, 'Dockerfile') });
    const image = { bind: () => ({ imageName: tarball.imageUri }) } as unknown as ContainerImage;
    expect(() => newService(newMesh(stack), 'Web', { compute: arm, containers: [{ ...WEB, image }] })).not.toThrow();
    newService(newMesh(newStack()), 'Web', {
      containers: [{ ...WEB, image: ContainerImage.fromTarball(join(folder, 'Dockerfile')) }],
    });
    expect(warnings(stack, 'ImagePlatformUnset')).toEqual([]);
  });
});

describe('PR-29, NU-7: certificates', () => {
  /** A side with a certificate for names, and a route. */
  const withRoute = (certificate: (stack: Stack) => ICertificate | SideCertificate, route: Partial<RouteProps>) => {
    const stack = stackIn(ENV);
    const mesh = newMesh(stack);
    const given = certificate(stack);
    const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' });
    const external = ExternalSide.https({
      certificate: given instanceof SideCertificate ? given : SideCertificate.given(given),
      zone,
    });
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external });
    gateway.external.route('Api', { target: newService(mesh, 'Web').port('http'), ...route });
    return stack;
  };
  const named =
    (domainName: string, ...subjectAlternativeNames: string[]) =>
    (stack: Stack) =>
      new Certificate(stack, 'Certificate', { domainName, subjectAlternativeNames, validation: CertificateValidation.fromDns() });
  const imported = (stack: Stack) =>
    Certificate.fromCertificateArn(stack, 'C', `arn:aws:acm:${ENV.region}:111111111111:certificate/1`);
  const requested = (stack: Stack) =>
    SideCertificate.requested({
      names: ['www.example.com'],
      zone: HostedZone.fromHostedZoneAttributes(stack, 'Z', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    });

  test.each([
    ['of the name', named('api.example.com')],
    ['of several names', named('www.example.com', 'api.example.com')],
    ['of a wildcard', named('*.example.com')],
    ['in other case', named('API.Example.com')],
    ['of another app', imported],
  ])('one %s is accepted for a record', (_, certificate) =>
    expect(() => withRoute(certificate, { recordName: 'api' })).not.toThrow(),
  );

  test.each([
    ['of another name', named('www.example.com'), 'api', 'www.example.com', 'api.example.com'],
    ['that is requested', requested, 'api', 'www.example.com', 'api.example.com'],
    ['of a wildcard, for the zone itself', named('*.example.com'), 'example.com', '*.example.com', 'example.com'],
    ['of a wildcard, two labels deep', named('*.example.com'), 'a.b.example.com', '*.example.com', 'a.b.example.com'],
  ])('one %s is refused', (_, certificate, recordName, names, name) =>
    expect(() => withRoute(certificate, { recordName })).toThrow(
      new Error(
        `\`recordName\` must be a name of the certificate of its side (${names}), or clients refuse the connection, got "${name}"; add ` +
          `"${name}" to the names of the certificate, or pass another certificate as \`additional\` [CertificateName at ` +
          'Shop/Gateway/External/Routes/Api]',
      ),
    ),
  );

  test('`hosts` that no certificate has are a warning, since a proxy can call by another name', () => {
    expect(
      warnings(withRoute(named('www.example.com'), { hosts: ['www.example.com', '*.example.com'] }), 'CertificateHost'),
    ).toEqual([]);
    expect(warnings(withRoute(named('www.example.com'), { hosts: ['api.example.com'] }), 'CertificateHost')).toEqual([
      '`hosts` of Shop/Gateway/External/Routes/Api: api.example.com is in no certificate of the side (www.example.com), so clients that ' +
        'call the load balancer by that name refuse the connection. Add it to a certificate, or acknowledge this if a proxy calls it by ' +
        'another name. [ack: cdk-ecs-mesh:CertificateHost]',
    ]);
  });

  test('a certificate construct of another Region is refused, though its ARN is not known', () => {
    const far = (stack: Stack) =>
      new Certificate(
        new Stack(stack.node.root, 'Far', { env: { ...ENV, region: 'us-east-1' }, crossRegionReferences: true }),
        'C',
        {
          domainName: 'api.example.com',
        },
      );
    expect(() => withRoute(far, { recordName: 'api' })).toThrow(
      /`external.certificate` must be issued in eu-west-1, the region of the load balancer, got "us-east-1"; request the certificate in eu-west-1 \[CertificateRegion/,
    );
  });
});

describe('PR-19, NU-6: a long idle timeout and the proxy of a called port', () => {
  const withTimeout = (idleTimeout: Duration) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const external = ExternalSide.http();
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external, idleTimeout, accessLogs: undefined });
    const api = newService(mesh, 'Api');
    gateway.external.route('Api', { target: api.port('http') });
    newService(mesh, 'Client').connectTo(api.port('http'));
    return warnings(stack, 'ProxyRequestTimeout');
  };
  test('that of the proxy is as long', () => expect(withTimeout(Duration.seconds(60))).toEqual([]));
  test('that of the proxy is shorter', () => expect(withTimeout(Duration.minutes(10))).toHaveLength(1));
});

describe('NU-6: health codes that a protocol does not have', () => {
  const withCodes =
    (healthyHttpCodes: string, protocol = PortProtocol.HTTP) =>
    () => {
      const stack = stackIn(ENV);
      const mesh = newMesh(stack);
      const certificate = SideCertificate.given(
        Certificate.fromCertificateArn(stack, 'C', `arn:aws:acm:${ENV.region}:111111111111:certificate/1`),
      );
      const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.https({ certificate }) });
      const web = newService(mesh, 'Web', { containers: [{ ...WEB, ports: [{ name: 'http', containerPort: 8080, protocol }] }] });
      gateway.external.route('Web', { target: web.port('http'), healthCheck: { healthyHttpCodes } });
    };
  test.each(['200', '200-299', '200,404', '200-204,301-302'])('%s of HTTP is accepted', (codes) =>
    expect(withCodes(codes)).not.toThrow(),
  );
  test.each(['0', '99', '199', '500', '200-599', '299-200', '200-299-300', '200;201', ''])('%s of HTTP is refused', (codes) =>
    expect(withCodes(codes)).toThrow(
      /must be codes from 200 to 499, or ranges of them in ascending order, joined by `,`, got .* \[RouteHealthCheck/,
    ),
  );
  test('one of HTTP for a gRPC port is refused', () =>
    expect(withCodes('200', PortProtocol.GRPC)).toThrow(
      /`healthCheck.healthyHttpCodes` must be left out for a gRPC port, whose answers have codes from 0 to 99, all of which count as healthy, got "200"; .* \[RouteHealthCheck at Shop\/Web\]/,
    ));
});

describe('a third range without a third zone', () => {
  const ranges = (first: number) => [0, 1, 2].map((i) => `10.0.${first + i}.0/24`);
  const subnets = { publicSubnets: ranges(0), taskSubnets: ranges(10), storeSubnets: ranges(20) };
  const withRanges = (env?: typeof ENV, zoneNames?: string[]) => () =>
    new ServiceConnectMesh(stackIn(env), 'Mesh', { network: MeshNetwork.threeTier({ subnets, zoneNames }) });

  test('three zones are accepted', () => {
    expect(withRanges(ENV, ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'])).not.toThrow();
    expect(withRanges(ENV)).not.toThrow();
  });
  test('a stack without a Region has two', () =>
    expect(withRanges()).toThrow(
      '`network.subnets` must have as many ranges in each tier as the stack has Availability Zones, which is 2; a stack without account ' +
        'and Region has two, got ["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]; set account and Region in `env` of the stack, name the zones with ' +
        '`zoneNames`, or leave ranges out [SubnetWithoutZone at Shop/Mesh]',
    ));
});

describe('variables without a value', () => {
  test.each(['containers', 'sidecars'])('in `%s` are refused', (list) => {
    const stack = newStack();
    const broken = { ...WEB, name: 'x', ports: [], environment: { URL: undefined as unknown as string } };
    const props = list === 'containers' ? { containers: [broken] } : { containers: [WEB], sidecars: [broken] };
    expect(() => new MeshService(stack, 'Web', { mesh: newMesh(stack), ...props })).toThrow(
      new RegExp(`\`${list}\\[0\\].environment.URL\` must be specified`),
    );
  });
});

describe('types of instances', () => {
  const say = (prop: string, got: string, fix: string) =>
    `\`${prop}\` must be a family and a size, without the prefix of a service, got "${got}"; write it as in new ec2.InstanceType("${fix}")`;
  test('`db.` of a database is not doubled', () => {
    const stack = newStack();
    expect(
      () => new PostgresDatabase(stack, 'Db', { mesh: newMesh(stack), instanceType: new InstanceType('db.t4g.small') }),
    ).toThrow(say('instanceType', 'db.t4g.small', 't4g.small'));
  });
  test('hosts', () => {
    const mesh = newMesh(newStack());
    expect(() => mesh.addEc2Capacity('A', { instanceType: new InstanceType('cache.t4g.small') })).toThrow(
      say('instanceType', 'cache.t4g.small', 't4g.small'),
    );
    expect(() => mesh.addEc2Capacity('B', { otherInstanceTypes: [new InstanceType('large')] })).toThrow(
      say('otherInstanceTypes[0]', 'large', 't4g.micro'),
    );
  });
});

describe('images of hosts', () => {
  const withAmi = (ami: string) => () =>
    newMesh(stackIn(ENV)).addEc2Capacity('Hosts', {
      image: HostImage.amazonLinux2023({ amiByRegion: { [ENV.region]: ami } }),
    });
  test('the ID of an AMI is accepted', () => expect(withAmi('ami-0123456789abcdef0')).not.toThrow());
  test.each(['', 'latest', 'ami-', 'ami-xyz', 'AMI-0123456789abcdef0', 'al2023-ami-ecs'])('%j is refused', (ami) =>
    expect(withAmi(ami)).toThrow(/image\.amiByRegion.* must .*AmiForRegion/),
  );
});

describe('engines of ElastiCache', () => {
  const withEngine = (engine: ElastiCacheEngine) => () => {
    const stack = newStack();
    return new ElastiCacheRedis(stack, 'Redis', { mesh: newMesh(stack), engine });
  };
  test.each([
    ElastiCacheEngine.VALKEY_9_1,
    ElastiCacheEngine.REDIS_OSS_7_1,
    ElastiCacheEngine.valkey('8.0'),
    ElastiCacheEngine.of('redis', '6.2', 'redis6.x'),
    ElastiCacheEngine.of('redis', '5.0.6', 'redis5.0'),
  ])('$name $version of $parameterFamily is accepted', (engine) => expect(withEngine(engine)).not.toThrow());
  test.each([
    [ElastiCacheEngine.of('memcached', '1.6', 'memcached1.6'), 'be `valkey` or `redis`'],
    [ElastiCacheEngine.of('Valkey', '8.1', 'valkey8'), 'be `valkey` or `redis`'],
    [ElastiCacheEngine.valkey('latest'), 'have a version of numbers'],
    [ElastiCacheEngine.of('valkey', '8.1', 'redis7'), 'have the parameter group family of its version, valkey8'],
    [ElastiCacheEngine.of('redis', '6.2', 'redis6'), 'have the parameter group family of its version, redis6.x'],
  ])('%j is refused', (engine, must) =>
    expect(withEngine(engine)).toThrow(new RegExp(`\`engine\` must ${must}.*\\[RedisEngine at Shop/Redis\\]`)),
  );
});

describe('paths of ECS Exec', () => {
  const withPath =
    (writablePath: WritablePath, ec2: boolean, enableExecuteCommand = true) =>
    () => {
      const mesh = newMesh(newStack());
      const compute = ec2 ? Compute.ec2(mesh.addEc2Capacity('Hosts')) : Compute.fargate();
      newService(mesh, 'Web', {
        compute,
        containers: [{ ...WEB, storage: { writablePaths: [writablePath] } }],
        operations: { enableExecuteCommand },
      });
    };
  const [logs, agents] = ['/var/log/amazon/ssm', '/managed-agents'];

  test.each<[string, () => void]>([
    ['a tmpfs on the agent’s log directory on a host', withPath(WritablePath.tmpfs(logs), true)],
    ['a volume there', withPath(WritablePath.volume(logs), true)],
    ['a tmpfs over the agent’s programs on Fargate', withPath(WritablePath.tmpfs(agents), false)],
  ])('%s is refused', (_, make) =>
    expect(make).toThrow(/`containers\[0\]\.storage\.writablePaths` must leave out a path .* \[ExecPathTaken at Shop\/Web\]/),
  );
  test.each<[string, () => void]>([
    ['without ECS Exec', withPath(WritablePath.tmpfs(logs), true, false)],
    ['on Fargate', withPath(WritablePath.volume(agents), false)],
  ])('%s it is accepted', (_, make) => expect(make).not.toThrow());
});

describe('PR-17: a network with IPv6', () => {
  const withVpc = (ipProtocol: IpProtocol) => {
    const stack = newStack();
    const network = MeshNetwork.fromVpc(new Vpc(stack, 'Vpc', { ipProtocol, maxAzs: 2 }));
    new DualAlbGateway(stack, 'Gateway', {
      network: new ServiceConnectMesh(stack, 'Mesh', { network }),
      internal: InternalSide.http(),
    });
    return warnings(stack, 'Ipv4Only');
  };
  test('is a warning for what uses IPv4 only', () =>
    expect(withVpc(IpProtocol.DUAL_STACK)).toEqual([
      'Shop/Vpc has IPv6, which this library does not use: load balancers, records and the ways of tasks to the internet are IPv4 only. ' +
        'Acknowledge this warning if that is enough. [ack: cdk-ecs-mesh:Ipv4Only]',
    ]));
  test('one without is no finding', () => expect(withVpc(IpProtocol.IPV4_ONLY)).toEqual([]));
});
