import { Token } from 'aws-cdk-lib';
import { CpuArchitecture, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { TaskNeeds } from './platform';
import { ResolvedContainer } from './resolved-container';
import { IContainerHosts } from '../../core/container-hosts';
import { requireInteger, validationError } from '../../core/private/errors';

const WORDS: Partial<Record<NetworkMode, string>> = {
  [NetworkMode.AWS_VPC]: 'AWS_VPC',
  [NetworkMode.BRIDGE]: 'BRIDGE',
  [NetworkMode.HOST]: 'HOST',
};

export function requireNetworkMode(scope: IConstruct, mode: NetworkMode, possible: NetworkMode[]): void {
  if (possible.includes(mode)) return;
  const words = possible.map((each) => WORDS[each]);
  throw validationError(scope, 'NetworkModeUnsupported', {
    prop: 'compute.networkMode',
    must: `be ${words.slice(0, -1).join(', ')}${words.length > 1 ? ' or ' : ''}${words.at(-1)}`,
    got: mode,
    fix:
      mode === NetworkMode.NONE
        ? 'a task without one of these networks cannot be called or scaled'
        : 'AWS has no other network there; for BRIDGE use Compute.ec2',
  });
}

export function requireHostTaskSize(scope: IConstruct, { cpu, memoryMiB }: TaskNeeds): void {
  if (Number.isInteger(cpu) && cpu >= 128 && cpu <= 10240 && Number.isInteger(memoryMiB) && memoryMiB >= 6) return;
  throw validationError(scope, 'Ec2TaskSizeOutOfRange', {
    prop: 'taskSize',
    must: 'be 128 to 10240 CPU units and 6 MiB or more on EC2',
    got: { cpu, memoryMiB },
    fix: 'choose a size that leaves room on the hosts',
  });
}

/** Requires one CPU architecture: a task definition specifies one, for which its images are built. */
export function requireOneArchitecture(scope: IConstruct, hosts: IContainerHosts[], wanted = hosts[0]?.cpuArchitecture): void {
  const wrong = hosts.find(({ cpuArchitecture }) => cpuArchitecture !== wanted);
  if (!wrong) return;
  throw validationError(scope, 'MixedArchitectures', {
    prop: 'compute',
    must: `be hosts of one processor (${nameOf(wanted)}), since a task may run on any of them`,
    got: `${nameOf(wrong.cpuArchitecture)} of ${wrong.node.path}`,
    fix: 'create two services, or use hosts of one CPU architecture',
  });
}

function nameOf(architecture: CpuArchitecture): string {
  return architecture === CpuArchitecture.ARM64 ? 'ARM64' : 'X86_64';
}

/**
 * The CPU units and the memory sizes of each: minimum, maximum and step in MiB.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const SIZES: Record<number, number[]> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

/** Throws if Fargate does not support the size, and suggests the smallest one that fits. */
export function requireFargateSize(scope: IConstruct, cpu: number, memoryMiB: number): void {
  if (Token.isUnresolved(cpu) || Token.isUnresolved(memoryMiB)) return;
  if (SIZES[cpu]?.includes(memoryMiB)) return;
  const nearest = smallestThatFits(cpu, memoryMiB);
  throw validationError(scope, 'FargateSizeUnknown', {
    prop: 'taskSize',
    must: 'be a size that Fargate supports',
    got: { cpu, memoryMiB },
    fix: nearest
      ? `the smallest that fits is { cpu: ${nearest.cpu}, memoryMiB: ${nearest.memoryMiB} }`
      : 'the largest is { cpu: 16384, memoryMiB: 122880 }; use Compute.ec2 for more',
  });
}

function smallestThatFits(cpu: number, memoryMiB: number): { cpu: number; memoryMiB: number } | undefined {
  for (const size of Object.keys(SIZES)
    .map(Number)
    .filter((units) => units >= cpu)) {
    const memory = SIZES[size].find((value) => value >= memoryMiB);
    if (memory !== undefined) return { cpu: size, memoryMiB: memory };
  }
  return undefined;
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/** Returns the number of GPUs that the containers of a task require in all; ECS assigns each to one container. */
export function gpusOf(scope: IConstruct, containers: ResolvedContainer[]): number {
  containers.forEach(({ prop, gpuCount }) =>
    requireInteger(scope, 'GpuCountOutOfRange', `${prop}.resources.gpuCount`, gpuCount, 1, 16),
  );
  return containers.reduce((sum, { gpuCount }) => sum + (gpuCount ?? 0), 0);
}

export function refuseGpusOnFargate(scope: IConstruct, gpus: number): void {
  if (gpus === 0) return;
  throw validationError(scope, 'GpuOnFargate', {
    prop: 'containers[].resources.gpuCount',
    must: 'be left out on Fargate, which has no GPUs',
    got: gpus,
    fix: "run on Compute.ec2(mesh.addEc2Capacity('Gpu', { instanceType: new ec2.InstanceType('g5.xlarge') }))",
  });
}

export function requireGpus(scope: IConstruct, gpus: number, hosts: IContainerHosts[]): void {
  const small = hosts.find(({ gpusPerHost }) => gpusPerHost < gpus);
  if (!small) return;
  const [one] = [small.gpusPerHost];
  throw validationError(scope, 'GpusExceedHost', {
    prop: 'containers[].resources.gpuCount',
    must: `add up to ${one === 0 ? 'nothing' : `${one} at most`}, the GPUs of each host of ${small.node.path}`,
    got: gpus,
    fix:
      one === 0
        ? 'give the hosts an `instanceType` with GPUs, such as g5.xlarge'
        : 'choose a larger type, such as g5.12xlarge, or ask for fewer',
  });
}
