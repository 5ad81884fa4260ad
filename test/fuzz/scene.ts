import { Stack } from 'aws-cdk-lib';
import { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { IMesh, MeshNetwork, MeshService, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { smallApp } from '../small-app';

/** A network that exists: many small apps share it, since it has no resources of its own. */
const VPC: IVpc = Vpc.fromVpcAttributes(new Stack(smallApp(), 'Network'), 'Vpc', {
  vpcId: 'vpc-1',
  vpcCidrBlock: '10.0.0.0/16',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  publicSubnetIds: ['subnet-11', 'subnet-12'],
  privateSubnetIds: ['subnet-21', 'subnet-22'],
  isolatedSubnetIds: ['subnet-31', 'subnet-32'],
});

/** One app of one generated case: what props refer to is made when it is first asked for. */
export class Scene {
  public readonly app = smallApp();
  public readonly stack = new Stack(this.app, 'Fuzz', { env: { account: '111111111111', region: 'eu-west-1' } });
  public readonly network = MeshNetwork.fromVpc(VPC);
  private readonly made = new Map<string, unknown>();
  private count = 0;

  public get mesh(): ServiceConnectMesh {
    return this.once(
      'mesh',
      () => new ServiceConnectMesh(this.stack, 'Mesh', { network: this.network, privateDomain: 'fuzz.local' }),
    );
  }

  /** Something to connect from and to route to. */
  public get service(): MeshService {
    return this.once('service', () => this.newService('Helper'));
  }

  public newService(
    id: string,
    mesh: IMesh = this.mesh,
    image: ContainerImage = ContainerImage.fromRegistry('my/web'),
  ): MeshService {
    return new MeshService(this.stack, id, {
      mesh,
      containers: [{ image, ports: [{ name: 'http', containerPort: 8080 }] }],
    });
  }

  public once<T>(key: string, make: () => T): T {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key) as T;
  }

  public nextId(): string {
    return `Given${this.count++}`;
  }
}
