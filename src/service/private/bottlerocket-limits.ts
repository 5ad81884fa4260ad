import { Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition, NetworkMode, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { bottlerocketAmong, noEfsOn, noServiceConnectOn } from '../../core/private/bottlerocket';
import { validationError, validateAtSynth } from '../../core/private/errors';
import { markWithoutProxy } from '../../core/private/service-connect-client';
import { Compute } from '../../tasks/compute';
import { ServiceConnect } from '../service-connect';

/** Rejects Service Connect on Bottlerocket, including `ServiceConnect.client()`, because a client has a proxy too. */
export function refuseProxyOnBottlerocket(scope: IConstruct, { hosts }: Compute, choice: ServiceConnect): void {
  const host = bottlerocketAmong(hosts);
  if (!host) return;
  markWithoutProxy(scope, `${host.node.path} runs Bottlerocket, which has none`);
  if (!choice.isClient) return;
  const got = `ServiceConnect.${choice._name}()`;
  const otherwise = 'ServiceConnect.none() and names of DNS: ServiceDiscovery.privateDns, or a gateway route';
  throw validationError(
    scope,
    'NoServiceConnectOnBottlerocket',
    noServiceConnectOn(host, 'networking.serviceConnect', got, otherwise),
  );
}

/** Rejects EFS on Bottlerocket at synthesis, because volumes are added to the task definition itself. */
export function refuseEfsOnBottlerocket(scope: IConstruct, { hosts }: Compute, taskDefinition: TaskDefinition): void {
  const host = bottlerocketAmong(hosts);
  if (!host) return;
  validateAtSynth(scope, 'NoEfsOnBottlerocket', () =>
    efsVolumes(taskDefinition)
      .filter(({ transitEncryption }) => transitEncryption === 'ENABLED' || taskDefinition.networkMode === NetworkMode.AWS_VPC)
      .map(({ name }) => noEfsOn(host, 'taskDefinition.volumes', name)),
  );
}

interface EfsVolume {
  readonly name?: string;
  readonly transitEncryption?: string;
}

function efsVolumes(taskDefinition: TaskDefinition): EfsVolume[] {
  const { volumes } = taskDefinition.node.defaultChild as CfnTaskDefinition;
  const resolved = (Stack.of(taskDefinition).resolve(volumes) ?? []) as CfnTaskDefinition.VolumeProperty[];
  return resolved.flatMap(({ name, efsVolumeConfiguration: efs }) =>
    efs ? [{ name, transitEncryption: (efs as CfnTaskDefinition.EFSVolumeConfigurationProperty).transitEncryption }] : [],
  );
}
