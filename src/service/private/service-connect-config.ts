import { Duration } from 'aws-cdk-lib';
import {
  LogDriver,
  NetworkMode,
  ServiceConnectAccessLogFormat,
  ServiceConnectProps,
  ServiceConnectService,
} from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { PortHost } from './port-host';
import { proxyTimeouts, warnOfShortIdleTimeout } from './proxy-timeouts';
import { requireKnown } from '../../core/private/known';
import { requireSeconds } from '../../core/private/require-seconds';
import { Compute } from '../../tasks/compute';
import { NamedPort } from '../../tasks/private/named-ports';
import { Rollout } from '../rollout';
import { ServiceConnect } from '../service-connect';

/**
 * The proxy is on where tasks have their own address. On shared hosts it would listen on random ports, for which all hosts had to be
 * open to each other, so there it must be asked for; in host mode, and with CodeDeploy, AWS has none.
 */
export function defaultServiceConnect(compute: Compute, rollout: Rollout): ServiceConnect {
  return compute.networkMode === NetworkMode.AWS_VPC && !rollout._plan.codeDeploy
    ? ServiceConnect.clientAndServer()
    : ServiceConnect.none();
}

/** What the ECS service is told; absent without a proxy. */
export function renderServiceConnect(host: PortHost, ports: NamedPort[], logDriver: LogDriver): ServiceConnectProps | undefined {
  const { serviceConnect: choice, mesh } = host;
  if (!choice.isClient) return undefined;
  const servers = choice.isServer ? ports.map((port) => renderServer(host, port)) : [];
  return {
    // The ARN, not the name: a name races with the namespace, and duplicates it from another stack.
    namespace: mesh.namespaceArn,
    services: servers.length > 0 ? servers : undefined,
    logDriver,
    accessLogConfiguration: { format: ServiceConnectAccessLogFormat.JSON },
  };
}

function renderServer(host: PortHost, port: NamedPort): ServiceConnectService {
  warnOfShortIdleTimeout(host, port);
  const { idle, request } = proxyTimeouts(host.serviceConnect, port.protocol);
  return {
    portMappingName: port.name,
    discoveryName: port.discoveryName,
    dnsName: port.dnsName,
    port: port.containerPort,
    idleTimeout: Duration.seconds(idle),
    perRequestTimeout: request === undefined ? undefined : Duration.seconds(request),
  };
}

/** ECS takes whole seconds. */
export function requireTimeouts(scope: IConstruct, { _timeouts: timeouts }: ServiceConnect): void {
  for (const [name, value] of Object.entries({ idleTimeout: timeouts.idleTimeout, requestTimeout: timeouts.requestTimeout })) {
    requireKnown(scope, `serviceConnect.${name}`, value);
    requireSeconds(scope, 'ServiceConnectTimeout', `serviceConnect.${name}`, value, 0, 2_147_483_647);
  }
}
