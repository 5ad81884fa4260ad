import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { IContainerHosts } from '../../core/container-hosts';
import { validationError, requireInteger } from '../../core/private/errors';

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
