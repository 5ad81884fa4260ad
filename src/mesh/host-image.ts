import { Stack, Token } from 'aws-cdk-lib';
import { IMachineImage, InstanceArchitecture, MachineImage, UserData } from 'aws-cdk-lib/aws-ec2';
import {
  AmiHardwareType,
  BottleRocketImage,
  BottlerocketEcsVariant,
  EcsOptimizedImage,
  MachineImageType,
} from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';

/** Which image of an operating system. */
export interface HostImageOptions {
  /**
   * The image in each region, such as `{ 'eu-west-1': 'ami-0123456789abcdef0' }`. It must be an ECS variant for the processor of the
   * hosts. Pinned hosts are all alike and change only when you say so, and get security fixes only when you say so.
   *
   * @default - the newest one of AWS at each deployment, for hosts that start afterwards
   */
  readonly amiByRegion?: { [region: string]: string };
}

/** What the hosts are, as far as images differ. */
interface HostKind {
  readonly architecture: InstanceArchitecture;
  readonly gpus: boolean;
  readonly spot: boolean;
}

/** What a launch template needs of an image. */
interface HostImageConfig {
  readonly machineImage: IMachineImage;
  readonly machineImageType: MachineImageType;
  readonly userData: UserData;
  /** What the user data says before and after CDK adds the cluster. */
  readonly before: string[];
  readonly after: string[];
  /** Device of images and containers. */
  readonly dataDevice: string;
  /** Device of an operating system that keeps to itself, and its GiB. */
  readonly systemDevice?: { name: string; gibibytes: number };
  /** Whether it is Bottlerocket, which has no Service Connect and no encrypted EFS. */
  readonly isBottlerocket: boolean;
}

/**
 * Operating system of container hosts.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * mesh.addEc2Capacity('Hosts', { image: HostImage.bottlerocket() });
 */
export abstract class HostImage {
  /**
   * ECS-optimised Amazon Linux 2023, in its variant for ARM or GPUs where the hosts have them.
   *
   * @param options a pinned image
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
   */
  public static amazonLinux2023(options: HostImageOptions = {}): HostImage {
    return new AmazonLinux2023(options);
  }

  /**
   * Bottlerocket: an immutable system for containers only, in its variant for ARM or GPUs where the hosts have them. It has a disk of its
   * own beside that of the containers, no shell and no package manager.
   *
   * It has no Service Connect, and mounts EFS neither encrypted in transit nor in `awsvpc` network mode: services with either are refused on it.
   * Call them by names of DNS (`ServiceDiscovery.privateDns`) or through gateway routes, or choose Amazon Linux 2023.
   *
   * @param options a pinned image
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-bottlerocket.html
   */
  public static bottlerocket(options: HostImageOptions = {}): HostImage {
    return new Bottlerocket(options);
  }

  /** @internal */
  public abstract _bind(scope: IConstruct, kind: HostKind): HostImageConfig;
}

class AmazonLinux2023 extends HostImage {
  public constructor(private readonly options: HostImageOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: IConstruct, { architecture, gpus, spot }: HostKind): HostImageConfig {
    const arm = architecture === InstanceArchitecture.ARM_64;
    const pinned = pin(scope, this.options);
    if (arm && gpus && !pinned) {
      throw validationError(scope, 'NoGpuImageForArm', {
        prop: 'image',
        must: 'be one that exists for GPUs on ARM, and AWS makes no such Amazon Linux 2023 for ECS',
        fix: 'choose HostImage.bottlerocket(), or an x86 type such as g5.xlarge',
      });
    }
    const variant = gpus ? AmiHardwareType.GPU : arm ? AmiHardwareType.ARM : AmiHardwareType.STANDARD;
    const drain = spot ? ['echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config'] : [];
    return {
      machineImage: pinned ?? EcsOptimizedImage.amazonLinux2023(variant),
      machineImageType: MachineImageType.AMAZON_LINUX_2,
      userData: UserData.forLinux(),
      before: ['echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config', ...drain],
      after: [],
      dataDevice: '/dev/xvda',
      isBottlerocket: false,
    };
  }
}

class Bottlerocket extends HostImage {
  public constructor(private readonly options: HostImageOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: IConstruct, { architecture, gpus, spot }: HostKind): HostImageConfig {
    const variant = gpus ? BottlerocketEcsVariant.AWS_ECS_2_NVIDIA : BottlerocketEcsVariant.AWS_ECS_2;
    return {
      machineImage: pin(scope, this.options) ?? new BottleRocketImage({ variant, architecture }),
      machineImageType: MachineImageType.BOTTLEROCKET,
      userData: UserData.custom(''),
      before: [],
      // In the table `settings.ecs`, which CDK opens to name the cluster and TOML allows once.
      after: ['awsvpc-block-imds = true', ...(spot ? ['enable-spot-instance-draining = true'] : [])],
      dataDevice: '/dev/xvdb',
      systemDevice: { name: '/dev/xvda', gibibytes: 10 },
      isBottlerocket: true,
    };
  }
}

function pin(scope: IConstruct, { amiByRegion }: HostImageOptions): IMachineImage | undefined {
  const { region } = Stack.of(scope);
  if (amiByRegion && !Token.isUnresolved(region) && !amiByRegion[region]) {
    throw validationError(scope, 'AmiForRegion', {
      prop: 'image.amiByRegion',
      must: `have an image for ${region}, the region of the stack`,
      got: Object.keys(amiByRegion),
      fix: `add an entry for ${region}, or leave it out for the newest image of AWS`,
    });
  }
  return amiByRegion && MachineImage.genericLinux(amiByRegion);
}
