import { Duration } from 'aws-cdk-lib';
import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { refuseProxyOnBottlerocket } from './bottlerocket-limits';
import { requireFit } from './deployments';
import { reserveHostPorts } from './host-ports';
import { defaultServiceConnect, requireTimeouts } from './service-connect-config';
import { validationError } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { markWithoutProxy } from '../../core/private/service-connect-client';
import { Compute } from '../../tasks/compute';
import { settlePorts } from '../../tasks/private/named-ports';
import { resolveContainers } from '../../tasks/private/resolved-container';
import { DEFAULT_SIZE, requireTask, TaskSettings } from '../../tasks/private/task';
import { TaskOwner } from '../../tasks/private/task-resources';
import { MeshServiceProps } from '../mesh-service-props';
import { Rollout } from '../rollout';
import { Scaling } from '../scaling';
import { ServiceConnect } from '../service-connect';
import { ServiceDiscovery } from '../service-discovery';
import { Tracing } from '../tracing';

/** Seconds; the largest number that ECS accepts. */
const LONGEST_GRACE_PERIOD = 2_147_483_647;

/** The props of a service with every default applied and every rule checked. */
export interface ServiceSettings extends TaskSettings {
  readonly scaling: Scaling;
  readonly rollout: Rollout;
  readonly serviceConnect: ServiceConnect;
  readonly discovery?: ServiceDiscovery;
  readonly tracing: Tracing;
  readonly healthCheckGracePeriod?: Duration;
}

export function resolveService(owner: TaskOwner, props: MeshServiceProps): ServiceSettings {
  const { networking = {}, operations = {}, compute = Compute.fargate(), rollout = Rollout.rolling() } = props;
  const { tracing = Tracing.none(), enableExecuteCommand = false, healthCheckGracePeriod } = operations;
  const { networkMode } = compute;
  const size = props.taskSize ?? DEFAULT_SIZE;
  const serviceConnect = resolveServiceConnect(owner, compute, rollout, networking.serviceConnect);
  const scaling = (props.scaling ?? Scaling.between(2, 4))._within(owner.mesh.officeHours);
  const given = resolveContainers(owner, props, owner.discoveryName);
  const containers = tracing._resolve(owner, given, { networkMode, memoryMiB: size.memoryMiB });
  const ports = settlePorts(owner, containers, { mesh: owner.mesh, compute, discoveryName: owner.discoveryName });
  const { existing = {} } = props;
  const task = { compute, size, containers, ports, enableExecuteCommand, existing };
  requireTask(owner, task);
  requireSeconds(
    owner,
    'GracePeriodOutOfRange',
    'operations.healthCheckGracePeriod',
    healthCheckGracePeriod,
    0,
    LONGEST_GRACE_PERIOD,
  );
  scaling._validate(owner);
  requireFit(owner, rollout._plan, compute, scaling);
  reserveHostPorts(owner, compute, ports, scaling);
  return { ...task, scaling, rollout, serviceConnect, discovery: networking.discovery, tracing, healthCheckGracePeriod };
}

function resolveServiceConnect(
  owner: TaskOwner,
  compute: Compute,
  rollout: Rollout,
  choice = defaultServiceConnect(compute, rollout),
): ServiceConnect {
  requireTimeouts(owner, choice);
  refuseProxyOnBottlerocket(owner, compute, choice);
  if (rollout._plan.codeDeploy) markWithoutProxy(owner, 'Rollout.codeDeploy excludes one');
  if (compute.networkMode === NetworkMode.HOST) markWithoutProxy(owner, 'host network mode has none');
  if (choice.isClient && rollout._plan.codeDeploy) {
    throw validationError(owner, 'NoServiceConnectWithCodeDeploy', {
      prop: 'networking.serviceConnect',
      must: 'be ServiceConnect.none() with Rollout.codeDeploy, which AWS does not support',
      fix: 'use Rollout.blueGreen, or call the service through a gateway route',
    });
  }
  if (choice.isClient && compute.networkMode === NetworkMode.HOST) {
    throw validationError(owner, 'NoServiceConnectInHostMode', {
      prop: 'networking.serviceConnect',
      must: 'be ServiceConnect.none() in host network mode, which AWS does not support',
      fix: 'use NetworkMode.BRIDGE or AWS_VPC, or call the service through a gateway route',
    });
  }
  return choice;
}
