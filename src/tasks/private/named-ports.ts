import { NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { PortProtocol } from '../../core/port-protocol';
import { validationError, requireInteger } from '../../core/private/errors';
import { claimInNamespace } from '../../core/private/namespace-names';
import { requireResolved } from '../../core/private/resolved';
import { Compute } from '../compute';
import { ResolvedContainer } from './resolved-container';
import { isUnknown } from '../../core/private/unknown';

/** A port with all its settings. */
export interface NamedPort {
  readonly name: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol: PortProtocol;
  readonly discoveryName: string;
  readonly dnsName: string;
}

/** The settings that ports are named after. */
interface PortSetting {
  readonly mesh: IMesh;
  readonly compute: Compute;
  readonly discoveryName: string;
}

/** Resolves the settings of every port of a task, and rejects what ECS would reject or silently drop. */
export function settlePorts(scope: IConstruct, containers: ResolvedContainer[], setting: PortSetting): NamedPort[] {
  const several = containers.flatMap((container) => container.ports).length > 1;
  const ports: NamedPort[] = [];
  for (const container of containers) {
    container.ports.forEach((port, p) => {
      const prop = `${container.prop}.ports[${p}]`;
      const discoveryName = port.discoveryName ?? (several ? `${setting.discoveryName}-${port.name}` : setting.discoveryName);
      const settled: NamedPort = {
        name: port.name,
        containerName: container.name,
        containerPort: port.containerPort,
        hostPort: settleHostPort(scope, prop, port.hostPort, port.containerPort, setting.compute),
        protocol: port.protocol ?? PortProtocol.HTTP,
        discoveryName,
        dnsName: port.dnsName ?? `${discoveryName}.${setting.mesh.namespaceName}`,
      };
      validatePort(scope, prop, settled, ports);
      ports.push(settled);
    });
  }
  return ports;
}

/** Registers aliases, which must be unique in a namespace; with ECS, the last deployment would win. */
export function claimAliases(owner: IConstruct, mesh: IMesh, ports: NamedPort[]): void {
  for (const { discoveryName, dnsName, containerPort } of ports) {
    const prop = 'containers[].ports[]';
    claimInNamespace(mesh, { kind: 'discovery name', name: discoveryName, owner, prop: `${prop}.discoveryName` });
    claimInNamespace(mesh, { kind: 'Service Connect alias', name: `${dnsName}:${containerPort}`, owner, prop: `${prop}.dnsName` });
  }
}

function settleHostPort(
  scope: IConstruct,
  prop: string,
  hostPort: number | undefined,
  containerPort: number,
  compute: Compute,
): number | undefined {
  if (compute.networkMode === NetworkMode.BRIDGE) return hostPort ?? 0;
  if (hostPort !== undefined && hostPort !== containerPort) {
    throw validationError(scope, 'HostPortNotPossible', {
      prop: `${prop}.hostPort`,
      must: `equal containerPort (${containerPort}) in ${compute.networkMode} network mode`,
      got: hostPort,
      fix: 'leave `hostPort` out, or run on Compute.ec2 with NetworkMode.BRIDGE',
    });
  }
  return compute.networkMode === NetworkMode.HOST ? containerPort : undefined;
}

/** Checks the characters that Service Connect supports. A DNS name must start and end with a letter or digit. */
function requireNames(scope: IConstruct, prop: string, { discoveryName, dnsName }: NamedPort): void {
  if (!isUnknown(discoveryName) && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(discoveryName)) {
    throw validationError(scope, 'BadDiscoveryName', {
      prop: `${prop}.discoveryName`,
      must: 'be 1 to 64 lowercase letters, digits, hyphens and underscores',
      got: discoveryName,
      fix: 'write it like "api"',
    });
  }
  if (isUnknown(dnsName) || /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,125}[A-Za-z0-9])?$/.test(dnsName)) return;
  throw validationError(scope, 'BadDnsName', {
    prop: `${prop}.dnsName`,
    must: 'be 1 to 127 letters, digits, dots, hyphens and underscores',
    got: dnsName,
    fix: 'write it like "api", without scheme and port',
  });
}

function validatePort(scope: IConstruct, prop: string, port: NamedPort, earlier: NamedPort[]): void {
  if (!/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(port.name)) {
    throw validationError(scope, 'BadPortName', {
      prop: `${prop}.name`,
      must: 'be 1 to 64 lowercase letters, digits, hyphens and underscores',
      got: port.name,
      fix: 'name it after its protocol, such as "http"',
    });
  }
  requireNames(scope, prop, port);
  requireResolved(scope, `${prop}.containerPort`, port.containerPort);
  requireInteger(scope, 'PortOutOfRange', `${prop}.containerPort`, port.containerPort, 1, 65535);
  requireInteger(scope, 'PortOutOfRange', `${prop}.hostPort`, port.hostPort, 0, 65535);
  for (const other of earlier) {
    const same = other.name === port.name ? 'name' : other.containerPort === port.containerPort ? 'containerPort' : undefined;
    if (same) {
      throw validationError(scope, 'PortTaken', {
        prop: `${prop}.${same}`,
        must: 'be unique in the task, because its containers share one network',
        got: port[same],
        fix: `choose another one than ${other.containerName} has`,
      });
    }
  }
}
