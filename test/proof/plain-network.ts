import { App, Stack, StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Reachability } from 'cdk-ecs-mesh';

/** A network of plain CDK, without constructs of this library. */
export class PlainNetwork extends Stack {
  public readonly vpc: ec2.Vpc;
  private cluster?: ecs.Cluster;

  constructor(scope = new App(), id = 'Shop', props: StackProps & { vpc?: Partial<ec2.VpcProps> } = {}) {
    super(scope, id, props);
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
        { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
      ...props.vpc,
    });
  }

  public group(id: string, allowAllOutbound = false, scope: Stack = this): ec2.SecurityGroup {
    return new ec2.SecurityGroup(scope, id, { vpc: this.vpc, allowAllOutbound });
  }

  /** A Fargate service with one port and a group of its own. */
  public service(
    id: string,
    options: { subnetType?: ec2.SubnetType; group?: ec2.SecurityGroup; scope?: Stack } = {},
  ): ecs.FargateService {
    const { subnetType = ec2.SubnetType.PRIVATE_WITH_EGRESS, scope = this } = options;
    this.cluster ??= new ecs.Cluster(this, 'Cluster', { vpc: this.vpc });
    const taskDefinition = new ecs.FargateTaskDefinition(scope, `${id}Task`);
    taskDefinition.addContainer('web', {
      image: ecs.ContainerImage.fromRegistry('my/web'),
      portMappings: [{ containerPort: 8080 }],
    });
    return new ecs.FargateService(scope, id, {
      cluster: this.cluster,
      taskDefinition,
      vpcSubnets: { subnetType },
      assignPublicIp: subnetType === ec2.SubnetType.PUBLIC,
      securityGroups: [options.group ?? this.group(`${id}Group`, false, scope)],
    });
  }

  public get reachability(): Reachability {
    return Reachability.of(this);
  }
}

/** Every pair as one line. */
export function lines(reachability: Reachability): string[] {
  return reachability.pairs().map(({ from, to, ports }) => `${from} -> ${to} :${ports}`);
}
