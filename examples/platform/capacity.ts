import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { CapacityShare, Compute, Ec2PurchaseOption, HostImage, ServiceConnectMesh } from 'cdk-ecs-mesh';

/** Where each kind of task runs; a service takes what suits it, by one line. */
export class Capacity {
  constructor(private readonly mesh: ServiceConnectMesh) {}

  /** Fargate: two tasks on demand, of the others two of three on Spot. For what answers people. */
  public serverless(): Compute {
    return Compute.mix([CapacityShare.fargate({ base: 2, weight: 1 }), CapacityShare.fargateSpot({ weight: 2 })]);
  }

  /** EC2: one task on demand, the others on Spot hosts of three types, so that one of them is to be had. For work that waits in a queue. */
  public hosts(): Compute {
    const image = HostImage.bottlerocket();
    const onDemand = this.mesh.addEc2Capacity('Hosts', {
      instanceType: large(InstanceClass.T3),
      image,
      minInstances: 1,
      maxInstances: 3,
    });
    const spot = this.mesh.addEc2Capacity('SpotHosts', {
      instanceType: large(InstanceClass.T3),
      otherInstanceTypes: [large(InstanceClass.T3A), large(InstanceClass.M6I)],
      purchase: Ec2PurchaseOption.spot(),
      image,
      minInstances: 0,
      maxInstances: 10,
    });
    return Compute.mix([CapacityShare.ec2(onDemand, { base: 1, weight: 0 }), CapacityShare.ec2(spot, { weight: 1 })]);
  }

  /** The same, but ECS chooses, patches and ends the hosts. */
  public managed(): Compute {
    return Compute.managedInstances(this.mesh.addManagedInstances('Managed'));
  }

  /** One GPU for each task. */
  public gpu(): Compute {
    const capacity = this.mesh.addEc2Capacity('GpuHosts', {
      instanceType: InstanceType.of(InstanceClass.G5, InstanceSize.XLARGE),
      minInstances: 0,
      maxInstances: 2,
    });
    return Compute.ec2(capacity);
  }
}

function large(type: InstanceClass): InstanceType {
  return InstanceType.of(type, InstanceSize.LARGE);
}
