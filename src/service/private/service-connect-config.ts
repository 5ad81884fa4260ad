import { LogDriver, NetworkMode, ServiceConnectAccessLogFormat, ServiceConnectProps } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { Compute } from '../../tasks/compute';
import { Rollout } from '../rollout';
import { ServiceConnect } from '../service-connect';

/**
 * Returns the default: a proxy if tasks have their own address. On shared hosts, it would listen on random ports, for which all hosts would
 * have to be open to each other, so it must be requested; in host mode, and with CodeDeploy, AWS does not support it.
 */
export function defaultServiceConnect(compute: Compute, rollout: Rollout): ServiceConnect {
  return compute.networkMode === NetworkMode.AWS_VPC && !rollout._plan.codeDeploy
    ? ServiceConnect.onDemand()
    : ServiceConnect.none();
}

/** Renders the client settings of the ECS service; undefined without a proxy. Its aliases are determined at synthesis. */
export function renderServiceConnect(
  mesh: IMesh,
  serviceConnect: ServiceConnect,
  logDriver: LogDriver,
): ServiceConnectProps | undefined {
  if (!serviceConnect.isClient) return undefined;
  return {
    // The ARN, not the name: a name races with the namespace, and duplicates it from another stack.
    namespace: mesh.namespaceArn,
    logDriver,
    accessLogConfiguration: { format: ServiceConnectAccessLogFormat.JSON },
  };
}

/** Requires whole seconds, which ECS supports. */
export function requireTimeouts(scope: IConstruct, { _timeouts: timeouts }: ServiceConnect): void {
  for (const [name, value] of Object.entries({ idleTimeout: timeouts.idleTimeout, requestTimeout: timeouts.requestTimeout })) {
    requireResolved(scope, `networking.serviceConnect.${name}`, value);
    requireSeconds(scope, 'ServiceConnectTimeout', `networking.serviceConnect.${name}`, value, 0, 2_147_483_647);
  }
}
