import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { CapacityShare, Compute, MeshServiceProps, Rollout, Scaling } from 'cdk-ecs-mesh';
import { WEB, newMesh, newService, newStack } from '../helpers';

const IN_PLACE = Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 });

const warnings = (stack: Stack, id: string) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(`cdk-ecs-mesh:${id}\\]`))
    .map(({ entry }) => String(entry.data));

describe('T38, PR-30: tasks and their hosts', () => {
  /** Services on hosts of that type. */
  const onHosts = (
    type: string,
    props: Partial<MeshServiceProps>,
    { services = 1, maxInstances = 1, networkMode = NetworkMode.AWS_VPC } = {},
  ) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const hosts = mesh.addEc2Capacity('Hosts', { instanceType: new InstanceType(type), minInstances: 1, maxInstances });
    const compute = Compute.ec2(hosts, { networkMode });
    for (let i = 0; i < services; i++) newService(mesh, `Web${i}`, { compute, scaling: Scaling.fixed(1), ...props });
    return stack;
  };
  const size = (cpu: number, memoryMiB: number) => ({ taskSize: { cpu, memoryMiB } });

  test.each([
    ['t3.small', 2048, 1900],
    ['m7g.large', 2048, 8000],
    ['c7g.medium', 1024, 2000],
    ['x2idn.16xlarge', 8192, 500_000],
  ])('%s holds %d CPU units and %d MiB', (type, cpu, memoryMiB) => expect(() => onHosts(type, size(cpu, memoryMiB))).not.toThrow());

  test.each([
    ['t3.small', 256, 2048, '2048 CPU units and less than 2048 MiB'],
    ['t3.small', 4096, 1024, '2048 CPU units and less than 2048 MiB'],
    ['m7g.medium', 2048, 1024, '1024 CPU units and less than 4096 MiB'],
  ])('a task that is larger than a %s: %d CPU units, %d MiB', (type, cpu, memoryMiB, room) =>
    expect(() => onHosts(type, size(cpu, memoryMiB))).toThrow(
      new Error(
        `\`taskSize\` must fit on a host of Shop/Mesh/Hosts: a ${type} has ${room} for tasks, got {"cpu":${cpu},"memoryMiB":${memoryMiB}}; ` +
          'choose a smaller size, or give the hosts a larger `instanceType` [TaskExceedsHost at Shop/Web0]',
      ),
    ),
  );

  test.each([
    ['t3.small', 2, []],
    ['t3.small', 3, ['3 network interfaces of 2']],
    ['t3a.small', 2, ['2 network interfaces of 1']],
    ['m5.large', 3, ['3 network interfaces of 2']],
    ['m5.xlarge', 4, ['4 network interfaces of 3']],
    ['m5.4xlarge', 8, ['8 network interfaces of 7']],
    ['m5.16xlarge', 14, []],
  ])('%s for %d services with an interface each', (type, services, short) => {
    const found = warnings(onHosts(type, size(128, 128), { services }), 'HostsTooFew');
    expect(found.map((text) => /deployments, (.*?) that/.exec(text)![1])).toEqual(short);
  });

  test('in bridge mode memory is counted, over all hosts and services', () => {
    const { BRIDGE: networkMode } = NetworkMode;
    const hosts = { services: 3, maxInstances: 2, networkMode };
    expect(warnings(onHosts('t3.small', size(256, 1024), hosts), 'HostsTooFew')).toEqual([]);
    expect(warnings(onHosts('t3.small', { ...size(256, 1024), scaling: Scaling.between(1, 2) }, hosts), 'HostsTooFew')).toEqual([
      'The tasks on Shop/Mesh/Hosts need, at their maximum and without deployments, 6144 MiB of memory of 4096 that 2 × t3.small have. Further ' +
        'tasks stay PROVISIONING: raise `maxInstances`, choose a larger `instanceType`, or lower the maximum of `scaling`. ' +
        '[ack: cdk-ecs-mesh:HostsTooFew]',
    ]);
  });

  /** Hosts of several types. */
  const onTypes = ([type, ...others]: string[], props: Partial<MeshServiceProps>, maxInstances = 1) => {
    const stack = newStack();
    const mesh = newMesh(stack);
    const otherInstanceTypes = others.map((other) => new InstanceType(other));
    const hosts = mesh.addEc2Capacity('Hosts', {
      instanceType: new InstanceType(type),
      otherInstanceTypes,
      minInstances: 1,
      maxInstances,
    });
    newService(mesh, 'Web', {
      compute: Compute.ec2(hosts),
      scaling: Scaling.fixed(1),
      rollout: Rollout.rolling({ minHealthyPercent: 0, maxHealthyPercent: 100 }),
      ...props,
    });
    return stack;
  };

  test.each([
    [['m5.large', 'm5.xlarge'], 2, []],
    [['m5.large', 'm5.xlarge'], 3, ['3 network interfaces of 2 that 1 × the smallest of m5.large, m5.xlarge have']],
    [['m5.xlarge', 't3a.small'], 2, ['2 network interfaces of 1 that 1 × the smallest of m5.xlarge, t3a.small have']],
  ])('hosts of several types can all be of the smallest: %p for %d tasks', (types, count, short) => {
    const found = warnings(onTypes(types, { ...size(128, 128), scaling: Scaling.fixed(count) }), 'HostsTooFew');
    expect(found.map((text) => /deployments, (.*?)\. Further/.exec(text)![1])).toEqual(short);
  });

  test('a task that only some types hold is a warning, and an error if none does', () => {
    const types = ['m5.large', 't3.small'];
    expect(warnings(onTypes(types, size(1024, 4096)), 'TaskExceedsSomeHosts')).toEqual([
      'The tasks of Shop/Web (1024 CPU units, 4096 MiB) do not fit on t3.small, which Shop/Mesh/Hosts starts too. Such hosts stay ' +
        'without them: leave the types out, or choose a smaller `taskSize`. [ack: cdk-ecs-mesh:TaskExceedsSomeHosts]',
    ]);
    expect(warnings(onTypes(types, size(1024, 1024)), 'TaskExceedsSomeHosts')).toEqual([]);
    expect(() => onTypes(types, size(1024, 8192))).toThrow(/TaskExceedsHost/);
  });

  test('tasks on two groups: each holds its share', () => {
    const withShares = (...weights: number[]) => {
      const stack = newStack();
      const mesh = newMesh(stack);
      const shares = weights.map((weight, i) => {
        const hosts = mesh.addEc2Capacity(`Hosts${i}`, { minInstances: 1, maxInstances: 1 });
        return CapacityShare.ec2(hosts, { weight });
      });
      newService(mesh, 'Web', { compute: Compute.mix(shares), scaling: Scaling.fixed(4), ...size(128, 128) });
      return warnings(stack, 'HostsTooFew');
    };
    expect(withShares(1, 1)).toEqual([]);
    expect(withShares(3, 1)).toEqual([expect.stringContaining('The tasks on Shop/Mesh/Hosts0 need, at their maximum')]);
  });

  describe('E: a deployment that can never start its first task', () => {
    const gpu = { containers: [{ ...WEB, resources: { gpuCount: 1 } }] };
    const onGpus = (props: Partial<MeshServiceProps>, maxInstances: number) =>
      warnings(
        onTypes(['g5.xlarge'], { ...gpu, ...size(1024, 1024), scaling: Scaling.fixed(2), ...props }, maxInstances),
        'NoRoomForDeployment',
      );
    const needs = (what: string) => [expect.stringContaining(`even at their minimum, the tasks would need ${what}`)];

    test.each<[string, Partial<MeshServiceProps>, number, unknown[]]>([
      ['a spare host', { rollout: Rollout.rolling() }, 3, []],
      ['none', { rollout: Rollout.rolling() }, 2, needs('3 GPUs of 2 that 2 × g5.xlarge have')],
      ['none, in place', { rollout: IN_PLACE }, 2, []],
      ['none, but fewer tasks at times', { rollout: Rollout.rolling(), scaling: Scaling.between(1, 2) }, 2, []],
      ['one, but two versions', { rollout: Rollout.blueGreen() }, 3, needs('4 GPUs of 3 that 3 × g5.xlarge have')],
    ])('%s', (_, props, maxInstances, expected) => expect(onGpus(props, maxInstances)).toEqual(expected));

    test('a single task is replaced in place only with none healthy', () =>
      expect(onGpus({ rollout: Rollout.rolling(), scaling: Scaling.fixed(1) }, 1)).toEqual([
        expect.stringContaining('Rollout.rolling({ minHealthyPercent: 0, maxHealthyPercent: 100 })'),
      ]));

    test('interfaces count as well', () =>
      expect(
        warnings(
          onTypes(['t3.small'], { ...size(128, 128), rollout: Rollout.rolling(), scaling: Scaling.fixed(2) }),
          'NoRoomForDeployment',
        ),
      ).toEqual([
        'A deployment of Shop/Web starts a task before it stops one, and Shop/Mesh/Hosts has no room for that: even at their minimum, the ' +
          'tasks would need 3 network interfaces of 2 that 1 × t3.small have. Raise `maxInstances`, or choose ' +
          'Rollout.rolling({ minHealthyPercent: 50, maxHealthyPercent: 100 }). [ack: cdk-ecs-mesh:NoRoomForDeployment]',
      ]));
  });
});
