import { RemovalPolicy, TimeZone } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Compute, NatStrategy, OfficeHours, Scaling, Waf } from 'cdk-ecs-mesh';

const ARM = { cpuArchitecture: ecs.CpuArchitecture.ARM64 };

/** Links with an address in them are what the app is for; the rule takes a posted `http://192.0.2.1/` for an attack. */
export const MANAGED_RULES = Waf.managedRules({ countedRules: ['GenericRFI_BODY'] });

/** What differs between the stack that customers use and the one that developers break. Sizes and code are the same. */
interface ProfileChoices {
  readonly nat: NatStrategy;
  readonly compute: Compute;
  readonly redisCompute: Compute;
  readonly scaling: Scaling;
  readonly multiAzDatabase: boolean;
  readonly waf: Waf;
  readonly containerInsights: ecs.ContainerInsights;
  /** When tasks and database run; always, if absent. */
  readonly officeHours?: OfficeHours;
  /** Whether anybody is woken by alarms. */
  readonly watched: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/** Where the app is deployed to. */
export class Profile {
  /**
   * Survives the loss of a zone, keeps what it is given, and is protected from deletion.
   *
   * @param nat NAT gateways cost 58 USD a month more than instances, and do not fail alone
   */
  public static production(nat = NatStrategy.perAz()): Profile {
    return new Profile('production', {
      nat,
      compute: Compute.fargate(ARM),
      redisCompute: Compute.fargate(ARM),
      scaling: Scaling.between(2, 4, { cpuPercent: 70 }),
      multiAzDatabase: true,
      waf: MANAGED_RULES,
      containerInsights: ecs.ContainerInsights.ENABLED,
      watched: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * One of everything, on Spot, from Monday to Friday by day; nothing is kept when the stack goes.
   *
   * @param waf managed rules cost 9 USD a month, and auditors want them here too
   * @param natImage without it the NAT instance follows the newest image, which a release by a workflow may not replace
   */
  public static development(waf = Waf.none(), natImage?: ec2.IMachineImage): Profile {
    return new Profile('development', {
      nat: NatStrategy.instance({ machineImage: natImage }),
      compute: Compute.fargateSpot({ ...ARM, onDemandBase: 0 }),
      redisCompute: Compute.fargateSpot({ ...ARM, onDemandBase: 0 }),
      scaling: Scaling.between(1, 2, { cpuPercent: 70 }),
      multiAzDatabase: false,
      waf,
      containerInsights: ecs.ContainerInsights.DISABLED,
      officeHours: OfficeHours.weekdays(TimeZone.ETC_UTC, { opens: '07:00', closes: '19:00' }),
      watched: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private constructor(
    public readonly name: string,
    public readonly choices: ProfileChoices,
  ) {}
}

/** The image of NAT instances that a release by a workflow may not change, if one is given. */
export function pinnedImage(region: string, id: string | undefined): ec2.IMachineImage | undefined {
  return id ? ec2.MachineImage.genericLinux({ [region]: id }) : undefined;
}
