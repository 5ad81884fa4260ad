import { spawnSync } from 'node:child_process';
import { RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { AppendFsync, Ec2HostRedis, MaxMemoryPolicy, RedisPersistence } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { DOMAIN, arrange, bootScriptOf, hostOf, imageParameterOf, redisConfigOf, serverScriptOf, userDataOf } from './ec2-host';
import { findings, newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

describe('minimal', () => {
  const { redis, template } = arrange();

  test('creates these resources and no others', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(types.sort()).toEqual([
      'AWS::CloudFormation::WaitCondition',
      'AWS::CloudFormation::WaitConditionHandle',
      'AWS::EC2::Instance',
      'AWS::EC2::LaunchTemplate',
      'AWS::EC2::SecurityGroup',
      'AWS::EC2::Volume',
      'AWS::IAM::InstanceProfile',
      'AWS::IAM::Policy',
      'AWS::IAM::Policy',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Route53::RecordSet',
      'AWS::SecretsManager::Secret',
    ]);
  });

  test('is readable', () => {
    expect(redis).toMatchObject({ port: 6379, tls: false, clusterMode: false, maxMemoryMiB: 1024 });
    expect(redis.readerHost).toBeUndefined();
    expect(redis.node.defaultChild).toBe(redis.instance);
  });

  test('the host', () => {
    template.hasResourceProperties('AWS::EC2::Instance', {
      InstanceType: 't3.small',
      Monitoring: true,
      EbsOptimized: true,
      DisableApiTermination: true,
      KeyName: Match.absent(),
      ImageId: Match.absent(),
      BlockDeviceMappings: Match.absent(),
      PrivateIpAddress: Match.absent(),
    });
  });

  test('the launch template: IMDSv2 with one hop, encrypted root disk, automatic recovery', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateName: Match.absent(),
      LaunchTemplateData: {
        BlockDeviceMappings: [
          { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, Encrypted: true, VolumeSize: 10, VolumeType: 'gp3' } },
        ],
        MetadataOptions: { HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1, HttpTokens: 'required' },
        MaintenanceOptions: { AutoRecovery: 'default' },
      },
    });
  });

  test('the server configuration', () => {
    expect(redisConfigOf(template)).toEqual([
      'port 6379',
      'bind * -::*',
      'protected-mode yes',
      'dir /data',
      'maxmemory 1024mb',
      'maxmemory-policy volatile-lru',
      'appendonly yes',
      'appendfsync everysec',
      'save ""',
    ]);
  });

  test("GEO-1: runs in Docker's host network, without root, rights or a writable image", () => {
    const script = serverScriptOf(template);
    expect(script).toContain('docker run --rm --name cdk-ecs-mesh-redis --network host --user 6379:6379');
    expect(script).toContain('--read-only --cap-drop ALL --security-opt no-new-privileges');
    // The password is in no file that others may read, not even while it is written.
    const order = [
      'install -d -m 0700 /run/cdk-ecs-mesh',
      'umask 077',
      'get-secret-value',
      'chmod 0400 /run/cdk-ecs-mesh/auth.conf',
      'docker run',
    ];
    const places = order.map((step) => script.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(script).toContain('/run/cdk-ecs-mesh/auth.conf:/etc/redis/auth.conf:ro');
    expect(script).toContain("--entrypoint sh 'valkey/valkey:8.1-alpine'");
  });

  test('nothing comes in, and HTTPS alone goes out', () => {
    const { SecurityGroupIngress, SecurityGroupEgress } = only(template, 'AWS::EC2::SecurityGroup', 'Redis').Properties;
    expect(SecurityGroupIngress).toBeUndefined();
    expect(SecurityGroupEgress).toEqual([
      { CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443, IpProtocol: 'tcp', Description: expect.any(String) },
    ]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('GEO-2: the record has the address of the host, and clients forget it soon', () => {
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'redis.nidhin.local.',
      Type: 'A',
      TTL: '30',
      ResourceRecords: [{ 'Fn::GetAtt': [Object.keys(resources(template, 'AWS::EC2::Instance'))[0], 'PrivateIp'] }],
    });
    expect(redis.host).toBe('redis.nidhin.local');
  });

  test('AwsSolutions has no open finding', () => expect(findings(redis)).toEqual([]));
});

describe('every prop', () => {
  const { template, redis } = arrange(
    {
      recordName: 'cache',
      instanceType: new InstanceType('r7g.large'),
      hostGeneration: 3,
      image: 'public.ecr.aws/valkey/valkey:9.1',
      port: 7000,
      maxMemoryMiB: 12288,
      maxMemoryPolicy: MaxMemoryPolicy.ALLKEYS_LFU,
      persistence: RedisPersistence.appendOnly({ fsync: AppendFsync.ALWAYS, volumeSize: Size.gibibytes(24) }),
    },
    DOMAIN,
  );

  test('reaches the server configuration', () => {
    expect(redisConfigOf(template)).toEqual(
      expect.arrayContaining(['port 7000', 'maxmemory 12288mb', 'maxmemory-policy allkeys-lfu', 'appendfsync always']),
    );
    expect(serverScriptOf(template)).toContain("'public.ecr.aws/valkey/valkey:9.1'");
    expect(bootScriptOf(template)).toContain('/dev/tcp/127.0.0.1/7000');
  });

  test('reaches host, disk and record', () => {
    expect(hostOf(template).InstanceType).toBe('r7g.large');
    template.hasResourceProperties('AWS::EC2::Volume', { Size: 24, VolumeType: 'gp3', Encrypted: true });
    template.hasResourceProperties('AWS::Route53::RecordSet', { Name: 'cache.nidhin.local.' });
    expect(redis).toMatchObject({ host: 'cache.nidhin.local', port: 7000, maxMemoryMiB: 12288 });
  });

  test('AwsSolutions has no open finding', () => expect(findings(redis)).toEqual([]));
});

describe('names', () => {
  test('without a private domain, clients use the address of the host', () => {
    const { redis, stack, template } = arrange({}, {});
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
    const [id] = Object.keys(resources(template, 'AWS::EC2::Instance'));
    expect(stack.resolve(redis.host)).toEqual({ 'Fn::GetAtt': [id, 'PrivateIp'] });
  });

  test('a name is taken once in a mesh', () => {
    const { mesh, stack } = arrange();
    expect(() => new Ec2HostRedis(stack, 'Second', { mesh })).toThrow(
      '`recordName` must be a record name that nobody else uses, and Data/Redis uses it already, got "redis.nidhin.local"; ' +
        'set `recordName` to another name on one of the two [NameTaken at Data/Second]',
    );
    expect(new Ec2HostRedis(stack, 'Third', { mesh, recordName: 'queue' }).host).toBe('queue.nidhin.local');
  });
});

describe('persistence', () => {
  const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

  test.each([
    [RemovalPolicy.RETAIN, kept, true],
    [RemovalPolicy.SNAPSHOT, { DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot' }, true],
    [RemovalPolicy.DESTROY, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' }, false],
  ])('a mesh with removal policy %s', (removalPolicy, policies, protectedHost) => {
    const { template } = arrange({}, { removalPolicy });
    template.hasResource('AWS::EC2::Volume', policies);
    expect(hostOf(template).DisableApiTermination).toBe(protectedHost);
  });

  test('none: no disk, no right to attach one, nothing written', () => {
    const { template, redis } = arrange({ persistence: RedisPersistence.none() });
    template.resourceCountIs('AWS::EC2::Volume', 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('AttachVolume');
    expect(userDataOf(template)).not.toContain('VOLUME_ID');
    expect(redisConfigOf(template)).toEqual(expect.arrayContaining(['appendonly no', 'save ""']));
    expect(redis.volume).toBeUndefined();
  });

  test.each([AppendFsync.EVERYSEC, AppendFsync.ALWAYS, AppendFsync.NO])('fsync %s', (fsync) => {
    const { template } = arrange({ persistence: RedisPersistence.appendOnly({ fsync }) });
    expect(redisConfigOf(template)).toContain(`appendfsync ${fsync}`);
  });

  test('T18: the data has one writer, and neither a task nor a host takes it along', () => {
    const { mesh, redis, stack } = arrange();
    newService(mesh, 'Api', {}, stack).connectTo(redis);
    const template = templateOf(redis);
    template.resourceCountIs('AWS::EC2::VolumeAttachment', 0);
    template.hasResourceProperties('AWS::EC2::Volume', { MultiAttachEnabled: false });
    expect(hostOf(template).Volumes).toBeUndefined();
    expect(JSON.stringify(template.toJSON())).not.toContain('ConfiguredAtLaunch');
  });

  test('the disk is only formatted when blank, and the server never starts without it', () => {
    const script = serverScriptOf(arrange().template);
    expect(script).toContain('set -euo pipefail');
    expect(script).toContain('if [ "$blank" -eq 2 ]; then mkfs.xfs "$DISK"; fi');
    expect(script.indexOf('mount -o noatime')).toBeGreaterThan(0);
    expect(script.indexOf('mount -o noatime')).toBeLessThan(script.indexOf('docker run'));
  });
});

describe('the host stays', () => {
  test('T19: a newer image only makes a version of the launch template that the host does not name', () => {
    const { template } = arrange();
    const [templateId] = Object.keys(resources(template, 'AWS::EC2::LaunchTemplate'));
    expect(imageParameterOf(template)).toBe('/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64');
    expect(hostOf(template).LaunchTemplate).toEqual({ LaunchTemplateId: { Ref: templateId }, Version: '1' });
    expect(JSON.stringify(hostOf(template))).not.toContain('SsmParameterValue');
  });

  test('T19: no change of settings touches what would replace the host or its disk', () => {
    const replacing = (template: Template) => {
      const { AvailabilityZone, ImageId, LaunchTemplate, SubnetId, PrivateIpAddress, KeyName } = hostOf(template);
      const ids = [
        ...Object.keys(resources(template, 'AWS::EC2::Instance')),
        ...Object.keys(resources(template, 'AWS::EC2::Volume')),
      ];
      return { ids, AvailabilityZone, ImageId, LaunchTemplate, SubnetId, PrivateIpAddress, KeyName };
    };
    const changed = arrange({ port: 7000, image: 'valkey/valkey:9.1', instanceType: new InstanceType('m7i.large') });
    expect(replacing(changed.template)).toEqual(replacing(arrange().template));
  });

  test('T19: a new generation is a new host on the same disk, and the record follows', () => {
    const [first, second] = [arrange(), arrange({ hostGeneration: 2 })].map(({ template }) => template);
    const [oldId] = Object.keys(resources(first, 'AWS::EC2::Instance'));
    const [newId] = Object.keys(resources(second, 'AWS::EC2::Instance'));
    expect(newId).not.toBe(oldId);
    expect(Object.keys(resources(second, 'AWS::EC2::LaunchTemplate'))).not.toEqual(
      Object.keys(resources(first, 'AWS::EC2::LaunchTemplate')),
    );
    expect(resources(second, 'AWS::EC2::Volume')).toEqual(resources(first, 'AWS::EC2::Volume'));
    expect(only(second, 'AWS::Route53::RecordSet').Properties.ResourceRecords).toEqual([{ 'Fn::GetAtt': [newId, 'PrivateIp'] }]);
  });

  test('a processor of another architecture is a new host too, with the image that fits', () => {
    const { template } = arrange({ instanceType: new InstanceType('t4g.small') });
    expect(Object.keys(resources(template, 'AWS::EC2::Instance'))).not.toEqual(
      Object.keys(resources(arrange().template, 'AWS::EC2::Instance')),
    );
    expect(imageParameterOf(template)).toMatch(/al2023-ami-kernel-default-arm64$/);
  });

  test('the same app gives the same template', () => {
    expect(arrange().template.toJSON()).toEqual(arrange().template.toJSON());
  });

  test('new settings run on the boot that CloudFormation causes by them', () => {
    expect(userDataOf(arrange().template)).toContain('#cloud-config\ncloud_final_modules:\n- [scripts-user, always]\n');
  });
});

describe('the password', () => {
  const { template } = arrange();

  test('is generated, of letters and digits', () => {
    template.hasResourceProperties('AWS::SecretsManager::Secret', {
      SecretString: Match.absent(),
      Name: Match.absent(),
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"default"}',
        GenerateStringKey: 'password',
        PasswordLength: 64,
        ExcludePunctuation: true,
      },
    });
    template.hasResource('AWS::SecretsManager::Secret', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  test('is read at boot by its ARN, and is neither in the template nor on a command line', () => {
    expect(JSON.stringify(template.toJSON())).not.toContain('resolve:secretsmanager');
    const [id] = Object.keys(resources(template, 'AWS::SecretsManager::Secret'));
    expect(serverScriptOf(template).split('\n')).toContain(`SECRET_ARN=@${id}@`);
    expect(serverScriptOf(template)).not.toMatch(/requirepass (?!" \+)/);
    expect(redisConfigOf(template).join()).not.toContain('requirepass');
  });
});

describe('rights of the host', () => {
  const { template } = arrange();
  const statements = Object.values(resources(template, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[],
  );

  test('everything but Session Manager names its resource', () => {
    const wild = statements.filter(({ Resource }) => JSON.stringify(Resource).includes('*'));
    expect(wild.flatMap(({ Action }) => Action).every((action) => action.startsWith('ssmmessages:'))).toBe(true);
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
  });

  test('it may attach this one disk to this one host', () => {
    const [{ Resource }] = statements.filter(({ Action }) => Action === 'ec2:AttachVolume');
    const [host] = Object.keys(resources(template, 'AWS::EC2::Instance'));
    const [disk] = Object.keys(resources(template, 'AWS::EC2::Volume'));
    const last = (Resource as { 'Fn::Join': [string, unknown[]] }[]).map((arn) => arn['Fn::Join'][1].at(-1));
    expect(last).toEqual([{ Ref: host }, { Ref: disk }]);
  });

  test('DT-18: Session Manager: allowed before the host exists, and tried again when the policy that names the host is there', () => {
    const { DependsOn, Properties } = only(template, 'AWS::EC2::Instance');
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringContaining('RedisSessionPolicy')]));
    expect(JSON.stringify(Properties.UserData)).toContain('(sleep 90; systemctl restart amazon-ssm-agent) >/dev/null 2>&1 &');
  });

  test('DT-18: what keeps the server from starting is in the console log', () => {
    const script = JSON.stringify(only(template, 'AWS::EC2::Instance').Properties.UserData);
    expect(script).toContain('StandardOutput=journal+console\\nStandardError=journal+console');
  });

  test('T15: they are there before the host, but for those that name it', () => {
    const dependsOn = only(template, 'AWS::EC2::Instance').DependsOn!;
    const policies = Object.keys(resources(template, 'AWS::IAM::Policy'));
    expect(policies.filter((id) => !dependsOn.includes(id))).toEqual([expect.stringContaining('HostPolicy')]);
  });
});

describe('the first start', () => {
  const { template } = arrange();

  test('the deployment waits for it, 15 minutes at most, once the host may attach its disk', () => {
    const ready = only(template, 'AWS::CloudFormation::WaitCondition');
    expect(ready.Properties).toMatchObject({ Count: 1, Timeout: '900' });
    expect(ready.DependsOn).toEqual([expect.stringContaining('RedisHost1'), expect.stringContaining('RedisHostPolicy')]);
  });

  test('the host comes after the way out of its subnet', () => {
    const own = newMesh(newStack('One'));
    const oneStack = templateOf(new Ec2HostRedis(Stack.of(own), 'Redis', { mesh: own }));
    expect(only(oneStack, 'AWS::EC2::Instance', 'Redis').DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/PrivateSubnet1DefaultRoute/)]),
    );
  });

  test('clients wait for server and record', () => {
    const { mesh, redis } = arrange();
    const binding = redis.bindEndpoint(newService(mesh, 'Api'), {});
    expect(binding.dependencies!.map((dependable) => (dependable as Construct).node.id)).toEqual(['Ready', 'Record']);
  });

  test('both scripts are valid shell', () => {
    for (const script of [bootScriptOf(template), serverScriptOf(template)]) {
      const { stderr, status } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    }
  });

  test('the user data fits', () => expect(userDataOf(template).length).toBeLessThan(16384 - 1024));
});
