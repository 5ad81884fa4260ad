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
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { Compliance } from '../core/compliance';
import { acknowledge, acknowledgeInPacks } from '../core/private/acknowledge';

/** What a VPC is told about its way out. */
interface NatConfig {
  readonly natGateways?: number;
  readonly natGatewayProvider?: NatInstanceProviderV2;
}

/** Choices of a network without NAT. */
export interface NoNatOptions {
  /**
   * Further endpoints than those that the mesh makes by itself: for calls of your code that no `connectTo` declared, and for Session
   * Manager on container hosts (`SSM`, `SSM_MESSAGES`). They admit the whole network on 443, since nothing says who calls them.
   *
   * @default - only what tasks and hosts of the mesh are known to need
   */
  readonly endpoints?: InterfaceVpcEndpointAwsService[];
}

/** Options for NAT instances. */
export interface NatInstanceOptions {
  /**
   * System of the instances, Amazon Linux 2023 for ARM64. Another image replaces the instances of all zones in one deployment, so pin one with
   * `ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-...' })`, and move it on when that suits.
   *
   * @default - the newest Amazon Linux 2023 at each deployment
   */
  readonly machineImage?: IMachineImage;
}

/**
 * How tasks in private subnets reach image registries, logs and secrets.
 *
 * Prices are list prices of us-east-1, November 2026, without traffic (a NAT gateway adds 0.045 USD per GB).
 *
 * @example
 * const network = MeshNetwork.threeTier({ nat: NatStrategy.single() });
 */
export class NatStrategy {
  /** A NAT gateway per Availability Zone, about 36.50 USD a month each with its address; survives the loss of a zone. */
  public static perAz(): NatStrategy {
    return new NatStrategy('perAz', () => ({}));
  }

  /** One NAT gateway, about 36.50 USD a month; its zone's loss cuts every task off. For development. */
  public static single(): NatStrategy {
    return new NatStrategy('single', () => ({ natGateways: 1 }));
  }

  /**
   * One t4g.nano NAT instance, about 7.60 USD a month with address, disk and two alarms, and nothing for traffic inside the region; slower, and
   * a single point of failure, which heals by itself as those of `instancePerAz` do. For development.
   *
   * @param options a pinned image
   */
  public static instance(options: NatInstanceOptions = {}): NatStrategy {
    return new NatStrategy('instance', () => ({ natGateways: 1, natGatewayProvider: natInstances(options) }));
  }

  /**
   * A t4g.nano NAT instance per Availability Zone, about 7.60 USD a month each. Survives the loss of a zone as gateways do, but an instance
   * can fail alone, and its zone is without a way out until it is back: tasks go on serving meanwhile, and cannot start, log or call out.
   *
   * Two alarms bring it back: failed hardware moves it to another host, after two minutes, and an operating system that does not answer is
   * rebooted, after three; either takes some minutes more. It keeps its addresses. Not healed are an instance that was terminated, one that
   * answers but does not forward, and a lack of capacity. A deployment with a newer system image replaces the instances of all zones,
   * and a newer one is found at each deployment unless `machineImage` pins one.
   *
   * @param options a pinned image
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
   */
  public static instancePerAz(options: NatInstanceOptions = {}): NatStrategy {
    return new NatStrategy('instancePerAz', () => ({ natGatewayProvider: natInstances(options) }));
  }

  /**
   * No way to the internet: tasks reach AWS services through VPC endpoints, and nothing else. An endpoint is made when the first task of the
   * mesh needs it and admits the tasks that need it: `ecr.api`, `ecr.dkr` and `logs` for every task, `secretsmanager` and `ssm` with secrets and
   * parameters, `ssmmessages` with ECS Exec, `ecs`, `ecs-agent` and `ecs-telemetry` with container hosts, others with what `connectTo`
   * allows (SQS, SNS ...). S3 and DynamoDB have gateway endpoints, which are free.
   *
   * An endpoint costs about 7.30 USD a month in each Availability Zone, and 0.01 USD per GB: with the three of every task and one for secrets in
   * two zones 58.40 USD, less than NAT per zone (73.00) and more than a single NAT gateway (36.50). Choose it for isolation.
   *
   * Images must be in Amazon ECR, pull-through caches included; tasks with others are refused at synthesis.
   *
   * @param options further endpoints
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
   */
  public static none(options: NoNatOptions = {}): NatStrategy {
    return new NatStrategy('none', () => ({ natGateways: 0 }), options.endpoints ?? []);
  }

  private constructor(
    /** Name of the choice. */
    public readonly name: string,
    private readonly config: () => NatConfig,
    /** Declared endpoints; absent where there is a way to the internet. @internal */
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

/** The public tier gives no public addresses by itself, and without one an instance forwards to nowhere. */
function natInstances({ machineImage }: NatInstanceOptions): NatInstanceProviderV2 {
  return NatProvider.instanceV2({
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
    defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
    machineImage,
    associatePublicIpAddress: true,
  });
}

function finishNatInstances(scope: Construct, provider: NatInstanceProviderV2, cidr: string): void {
  const { isStrict } = Compliance.of(scope);
  // What it can forward, which is all there is; named, because the packs of auditors refuse "all traffic", from wherever it comes.
  const ports = isStrict ? [Port.allTcp(), Port.allUdp(), Port.allIcmp()] : [Port.allTraffic()];
  // The range itself, not a reference to it: checks of security groups can read it.
  for (const port of ports) provider.connections.allowFrom(Peer.ipv4(cidr), port, 'The network goes out through here');
  for (const instance of provider.gatewayInstances) {
    const resource = instance.node.defaultChild as CfnInstance;
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
        'It forwards packets; the free metrics of every five minutes show whether it is up.',
      );
    }
    acknowledge(
      instance,
      'AwsSolutions-EC29',
      'It keeps nothing: the next deployment makes another, and the stack must go when it is deleted.',
    );
  }
}

/**
 * The minutes are those that AWS advises: they differ so that a reboot does not get into a recovery. AWS recovers by itself, too, but does
 * not say when.
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
  acknowledgeInPacks(
    instance,
    'EC2InstanceNoPublicIp',
    'NAT without an address of the internet forwards to nowhere; it admits nobody but the network itself. NAT gateways are no instances.',
  );
  acknowledgeInPacks(
    instance,
    'EC2InstancesInVPC',
    'It is in a public subnet of the network by its network interface, where the rule does not look.',
  );
}
