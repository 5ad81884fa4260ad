import { Duration } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Ec2Action, Ec2InstanceAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import {
  CfnInstance,
  IMachineImage,
  Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  InterfaceVpcEndpointAwsService,
  IVpc,
  NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Peer,
  Port,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Compliance } from '../core/compliance';
import { acknowledge } from '../core/private/acknowledge';
import { guard } from '../core/private/guard';

/** The NAT settings of a VPC. */
interface NatConfig {
  readonly natGateways?: number;
  readonly natGatewayProvider?: NatInstanceProviderV2;
}

/** Options for a network without NAT. */
export interface NoNatOptions {
  /**
   * Interface endpoints in addition to those that the mesh creates: for calls of your code that no `connectTo` declares, and for Session
   * Manager on container hosts (`SSM`, `SSM_MESSAGES`). They admit the whole VPC on port 443, because their clients are unknown.
   *
   * @default - only the endpoints that tasks and hosts of the mesh are known to need
   */
  readonly endpoints?: InterfaceVpcEndpointAwsService[];
}

/** Options for NAT instances. */
export interface NatInstanceOptions {
  /**
   * The image of the instances, Amazon Linux 2023 for ARM64. Another image replaces the instances of all Availability Zones in one
   * deployment, so pin one with `ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-...' })`, and change it at a time that suits you.
   *
   * @default - the newest Amazon Linux 2023 at each deployment
   */
  readonly machineImage?: IMachineImage;
}

/**
 * Specifies how tasks in private subnets reach image registries, logs and secrets.
 *
 * Prices are list prices of us-east-1, November 2026, without data processing (a NAT gateway adds 0.045 USD per GB).
 *
 * @example
 * const network = MeshNetwork.threeTier({ nat: NatStrategy.single() });
 */
export class NatStrategy {
  /**
   * A NAT gateway in each Availability Zone, about 36.50 USD a month each with its address. It tolerates the loss of an Availability Zone.
   */
  public static perAz(): NatStrategy {
    return new NatStrategy('perAz', () => ({}));
  }

  /** One NAT gateway, about 36.50 USD a month. If its Availability Zone fails, no task has egress. For development. */
  public static single(): NatStrategy {
    return new NatStrategy('single', () => ({ natGateways: 1 }));
  }

  /**
   * One t4g.nano NAT instance, about 7.60 USD a month with its address, disk and two alarms, without data processing charges in the Region.
   * It is slower and a single point of failure, which recovers like those of `instancePerAz`. For development.
   *
   * @param options image of the instance
   */
  public static instance(options: NatInstanceOptions = {}): NatStrategy {
    return new NatStrategy('instance', () => ({ natGateways: 1, natGatewayProvider: natInstances(options) }));
  }

  /**
   * A t4g.nano NAT instance in each Availability Zone, about 7.60 USD a month each. It tolerates the loss of an Availability Zone as NAT
   * gateways do, but an instance can fail alone, and its zone has no egress until it recovers: running tasks continue to serve, but new
   * ones cannot start, and tasks cannot send logs or make external calls.
   *
   * Two alarms recover it: after two minutes of failed system checks, it moves to other hardware, and after three minutes of failed
   * instance checks, it is rebooted; each takes a few minutes more. It keeps its addresses. The alarms do not recover an instance that was
   * terminated, one that responds but does not forward, or one for which EC2 has no capacity. A deployment with a newer image replaces the
   * instances of all Availability Zones, and each deployment uses the latest image unless `machineImage` pins one.
   *
   * @param options image of the instances
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
   */
  public static instancePerAz(options: NatInstanceOptions = {}): NatStrategy {
    return new NatStrategy('instancePerAz', () => ({ natGatewayProvider: natInstances(options) }));
  }

  /**
   * No route to the internet: tasks reach only AWS services, through VPC endpoints. An endpoint is created when the first task of the mesh
   * needs it and admits the tasks that need it: `ecr.api`, `ecr.dkr` and `logs` for every task, `secretsmanager` and `ssm` with secrets and
   * parameters, `ssmmessages` with ECS Exec, `ecs`, `ecs-agent` and `ecs-telemetry` with container hosts, and others that `connectTo`
   * allows (SQS, SNS ...). S3 and DynamoDB use gateway endpoints, which are free.
   *
   * An endpoint costs about 7.30 USD a month in each Availability Zone, and 0.01 USD per GB: the three for every task and one for secrets,
   * in two zones, cost 58.40 USD, less than NAT in each zone (73.00) and more than a single NAT gateway (36.50). Choose it for isolation.
   *
   * Images must be in Amazon ECR, including pull through cache; tasks with other images are rejected at synthesis.
   *
   * @param options additional endpoints
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  public static none(options: NoNatOptions = {}): NatStrategy {
    return new NatStrategy('none', () => ({ natGateways: 0 }), options.endpoints ?? []);
  }

  private constructor(
    /** The name of the strategy. @internal */
    public readonly _name: string,
    private readonly config: () => NatConfig,
    /** The declared endpoints; undefined if there is a route to the internet. @internal */
    public readonly _endpoints?: InterfaceVpcEndpointAwsService[],
  ) {}

  /** @internal */
  public _createVpc(scope: Construct, cidr: string, create: (config: NatConfig) => IVpc): IVpc {
    const config = this.config();
    const vpc = create(config);
    if (config.natGatewayProvider) finishNatInstances(scope, config.natGatewayProvider, cidr);
    return vpc;
  }
}

guard({ NatStrategy });

/** Returns the NAT instances. The public subnets do not assign public addresses, and an instance without one cannot forward traffic. */
function natInstances({ machineImage }: NatInstanceOptions): NatInstanceProviderV2 {
  return NatProvider.instanceV2({
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
    defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
    machineImage,
    userData: natUserData(),
    associatePublicIpAddress: true,
  });
}

/**
 * Returns the set-up of a NAT instance. The package manager needs more than the 512 MiB of a t4g.nano at times, and is then killed
 * (https://github.com/amazonlinux/amazon-linux-2023/issues/404), so there is swap space before it runs; and it is tried again, because
 * nothing works without its package.
 */
function natUserData(): UserData {
  const [install, ...rest] = NatInstanceProviderV2.DEFAULT_USER_DATA_COMMANDS;
  const userData = UserData.forLinux();
  userData.addCommands(
    'dd if=/dev/zero of=/swapfile bs=1M count=1024 && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile',
    `for attempt in $(seq 10); do rpm -q iptables-services && break; ${install} || sleep 15; done`,
    ...rest,
  );
  return userData;
}

function finishNatInstances(scope: Construct, provider: NatInstanceProviderV2, cidr: string): void {
  const { isStrict } = Compliance.of(scope);
  // What it can forward, which is all there is; named, because the packs of auditors refuse "all traffic", from wherever it comes.
  const ports = isStrict ? [Port.allTcp(), Port.allUdp(), Port.allIcmp()] : [Port.allTraffic()];
  // The range itself, not a reference to it: checks of security groups can read it.
  for (const port of ports) provider.connections.allowFrom(Peer.ipv4(cidr), port, 'The network goes out through here');
  for (const instance of provider.gatewayInstances) {
    const resource = instance.node.defaultChild as CfnInstance;
    resource.propagateTagsToVolumeOnCreation = true;
    resource.metadataOptions = { httpTokens: 'required' };
    resource.blockDeviceMappings = [{ deviceName: '/dev/xvda', ebs: { encrypted: true, volumeType: 'gp3' } }];
    heal(instance);
    if (isStrict) {
      resource.monitoring = true;
      acknowledgeInstance(instance);
    } else {
      acknowledge(
        instance,
        'AwsSolutions-EC28',
        'It forwards packets; the basic metrics every five minutes show whether it is running.',
      );
    }
    acknowledge(
      instance,
      'AwsSolutions-EC29',
      'It stores no data: a deployment can replace it, and deleting the stack must delete it.',
    );
  }
}

/**
 * Creates the alarms that recover or reboot an instance, with the periods that AWS recommends: they differ so that the two actions do not
 * interfere with each other. EC2 also recovers instances automatically, but without a documented timing.
 */
function heal(instance: Instance): void {
  const attempts = [
    {
      id: 'Recover',
      check: 'System',
      minutes: 2,
      action: Ec2InstanceAction.RECOVER,
      why: 'failed hardware: moved to another host',
    },
    { id: 'Reboot', check: 'Instance', minutes: 3, action: Ec2InstanceAction.REBOOT, why: 'the system does not answer: rebooted' },
  ];
  for (const { id, check, minutes, action, why } of attempts) {
    const alarm = new Alarm(instance, id, {
      metric: new Metric({
        namespace: 'AWS/EC2',
        metricName: `StatusCheckFailed_${check}`,
        dimensionsMap: { InstanceId: instance.instanceId },
        statistic: 'Minimum',
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: minutes,
      alarmDescription: `NAT instance, ${why}`,
    });
    alarm.addAlarmAction(new Ec2Action(action));
  }
}

function acknowledgeInstance(instance: Instance): void {
  acknowledge(
    instance,
    '*-EC2InstanceNoPublicIp',
    'A NAT instance needs a public address; it admits only the VPC itself. NAT gateways are an alternative.',
  );
  acknowledge(
    instance,
    '*-EC2InstancesInVPC',
    'Its network interface is in a public subnet of the VPC, which the rule does not read.',
  );
}
