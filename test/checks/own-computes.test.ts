import { App, Stack, TimeZone } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CapacityOptionType, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import {
  CapacityShare,
  Compute,
  ContainerOptions,
  DualAlbGateway,
  Ec2PurchaseOption,
  ExternalSide,
  HostImage,
  OfficeHours,
  PostgresDatabase,
  ServiceConnectMesh,
  Tracing,
  WritablePath,
} from 'cdk-ecs-mesh';
import { found } from './found';
import { WEB, findings, newMesh, newService } from '../helpers';

type Case = [string, (mesh: ServiceConnectMesh) => Compute, Partial<ContainerOptions>?];

const spot = (mesh: ServiceConnectMesh) => mesh.addEc2Capacity('Spot', { purchase: Ec2PurchaseOption.spot() });
const bottlerocket = (mesh: ServiceConnectMesh) => mesh.addEc2Capacity('Hosts', { image: HostImage.bottlerocket() });
const gpus = (mesh: ServiceConnectMesh) => mesh.addEc2Capacity('Gpu', { instanceType: new InstanceType('g5.xlarge') });
const managed = (mesh: ServiceConnectMesh) => mesh.addManagedInstances('Managed');
const managedSpot = (mesh: ServiceConnectMesh) => mesh.addManagedInstances('ManagedSpot', { purchase: CapacityOptionType.SPOT });

const CASES: Case[] = [
  ['Fargate with Spot', () => Compute.mix([CapacityShare.fargate({ base: 2 }), CapacityShare.fargateSpot({ weight: 3 })])],
  [
    'EC2 with Spot in bridge mode',
    (mesh) =>
      Compute.mix([CapacityShare.ec2(bottlerocket(mesh), { base: 1 }), CapacityShare.ec2(spot(mesh))], {
        networkMode: NetworkMode.BRIDGE,
      }),
  ],
  ['EC2 Spot in host mode', (mesh) => Compute.ec2(spot(mesh), { networkMode: NetworkMode.HOST })],
  ['GPUs', (mesh) => Compute.ec2(gpus(mesh)), { resources: { gpuCount: 1 } }],
  [
    'Managed Instances with Spot',
    (mesh) =>
      Compute.mix([CapacityShare.managedInstances(managed(mesh), { base: 1 }), CapacityShare.managedInstances(managedSpot(mesh))]),
  ],
  ['Managed Instances in host mode', (mesh) => Compute.managedInstances(managed(mesh), { networkMode: NetworkMode.HOST })],
];

const withAddresses = CASES.filter(([, choose]) => choose(newMesh()).networkMode === NetworkMode.AWS_VPC);

test.each(withAddresses)('NU-18: %s with ECS Exec, traces and a sidecar: no findings', (...[, choose, container]: Case) => {
  const mesh = newMesh();
  newService(mesh, 'Api', {
    compute: choose(mesh),
    containers: [{ ...WEB, ...container }],
    sidecars: [{ image: WEB.image, name: 'agent' }],
    operations: { enableExecuteCommand: true, tracing: Tracing.openTelemetry() },
  });
  expect(found(mesh.node.root as App)).toEqual([]);
  expect(findings(mesh)).toEqual([]);
});

test.each(CASES)(
  '%s behind a load balancer, in office hours, with a database, scratch files and ECS Exec: no findings',
  (...[, choose, container]: Case) => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env: { region: 'eu-west-1' } });
    const mesh = new ServiceConnectMesh(stack, 'Mesh', { officeHours: OfficeHours.weekdays(TimeZone.EUROPE_BERLIN) });
    const written: Partial<ContainerOptions> = {
      process: { user: '1000' },
      storage: { writablePaths: [WritablePath.tmpfs('/tmp')] },
    };
    const containers = [{ ...WEB, ...written, ...container }];
    const api = newService(mesh, 'Api', { compute: choose(mesh), containers, operations: { enableExecuteCommand: true } });
    api.connectTo(new PostgresDatabase(stack, 'Database', { mesh }));
    const gateway = new DualAlbGateway(stack, 'Gateway', { network: mesh, external: ExternalSide.http() });
    gateway.external.route('Api', { target: api.port('http') });
    expect(found(app)).toEqual([]);
  },
);
