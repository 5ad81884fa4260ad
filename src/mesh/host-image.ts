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
import { guard } from '../core/private/guard';
import { isUnknown } from '../core/private/unknown';

/** Options for the image of container hosts. */
export interface HostImageOptions {
  /**
   * The AMI in each Region, such as `{ 'eu-west-1': 'ami-0123456789abcdef0' }`. It must be an ECS variant for the CPU architecture of the
   * hosts. Pinned hosts are all identical and change only when you change the AMI, including for security fixes.
   *
   * @default - the latest AMI at each deployment, for hosts that start afterwards
   */
  readonly amiByRegion?: { [region: string]: string };
}

/** The properties of hosts that decide which variant of an image they need. */
interface HostKind {
  readonly architecture: InstanceArchitecture;
  readonly gpus: boolean;
  readonly spot: boolean;
}

/** The settings that an image adds to a launch template. */
interface HostImageConfig {
  readonly machineImage: IMachineImage;
  readonly machineImageType: MachineImageType;
  readonly userData: UserData;
  /** The user data before and after the commands that CDK adds to join the cluster. */
  readonly before: string[];
  readonly after: string[];
  /** Returns the commands that join a cluster that is not in the app; CDK adds them for one that is. */
  readonly joinCluster: (clusterName: string) => string[];
  /** The device for images and containers. */
  readonly dataDevice: string;
  /** The device of an operating system that has a disk of its own, and its size in GiB. */
  readonly systemDevice?: { name: string; gibibytes: number };
  /** The image to choose for what Bottlerocket does not support, Service Connect and encrypted EFS; undefined for other images. */
  readonly insteadOfBottlerocket?: string;
}

/**
 * The operating system of container hosts.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * mesh.addEc2Capacity('Hosts', { image: HostImage.bottlerocket() });
 */
export abstract class HostImage {
  /**
   * The ECS-optimized Amazon Linux 2023 AMI, in its Arm or GPU variant if the hosts require it.
   *
   * @param options a pinned image
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-optimized_AMI.html
   */
  public static amazonLinux2023(options: HostImageOptions = {}): HostImage {
    return new AmazonLinux2023(options);
  }

  /**
   * Bottlerocket, an immutable operating system for containers only, in the ARM or GPU variant if the hosts need it. It has a disk of its
   * own in addition to that of the containers, and no shell or package manager.
   *
   * It does not support Service Connect, and mounts EFS neither encrypted in transit nor in `awsvpc` network mode; services that use either
   * are rejected. Use DNS names (`ServiceDiscovery.privateDns`) or gateway routes instead, or choose Amazon Linux 2023.
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

guard({ HostImage });

class AmazonLinux2023 extends HostImage {
  constructor(private readonly options: HostImageOptions) {
    super();
  }

  /** @internal */
  public _bind(scope: IConstruct, { architecture, gpus, spot }: HostKind): HostImageConfig {
    const arm = architecture === InstanceArchitecture.ARM_64;
    const pinned = pin(scope, this.options);
    if (arm && gpus && !pinned) {
      throw validationError(scope, 'NoGpuImageForArm', {
        prop: 'image',
        must: 'support GPUs on ARM, for which AWS offers no ECS-optimized Amazon Linux 2023',
        fix: 'choose HostImage.bottlerocket(), which has no Service Connect, an image of your own with `amiByRegion`, or an x86 type such as g5.xlarge',
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
      joinCluster: (name) => [`echo ECS_CLUSTER=${name} >> /etc/ecs/ecs.config`],
      dataDevice: '/dev/xvda',
    };
  }
}

class Bottlerocket extends HostImage {
  constructor(private readonly options: HostImageOptions) {
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
      joinCluster: (name) => ['[settings.ecs]', `cluster = "${name}"`],
      dataDevice: '/dev/xvdb',
      systemDevice: { name: '/dev/xvda', gibibytes: 10 },
      insteadOfBottlerocket:
        gpus && architecture === InstanceArchitecture.ARM_64
          ? 'an x86 type such as g5.xlarge or HostImage.amazonLinux2023({ amiByRegion })'
          : 'HostImage.amazonLinux2023()',
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
      fix: `add an entry for ${region}, or leave it out for the latest AWS image`,
    });
  }
  for (const [name, ami] of Object.entries(amiByRegion ?? {})) {
    if (isUnknown(ami) || /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(ami)) continue;
    throw validationError(scope, 'AmiForRegion', {
      prop: `image.amiByRegion.${name}`,
      must: 'be the ID of an AMI: `ami-` and 17 (in old accounts 8) digits and letters from a to f',
      got: ami,
      fix: 'write it as in "ami-0123456789abcdef0"',
    });
  }
  return amiByRegion && MachineImage.genericLinux(amiByRegion);
}
