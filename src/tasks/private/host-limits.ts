import { CpuArchitecture, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { TaskNeeds } from './compute-request';
import { IContainerHosts } from '../../core/container-hosts';
import { validationError } from '../../core/private/errors';

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
