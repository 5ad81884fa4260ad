import { RemovalPolicy, Size } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  HealthChecks,
  TerminationPolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  Connections,
  ISecurityGroup,
  IVpc,
  InstanceArchitecture,
  InstanceClass,
  InstanceSize,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  Peer,
  Port,
  SecurityGroup,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, AsgCapacityProvider, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { Ec2CapacityProps } from './ec2-capacity-props';
import { IEc2Capacity } from '../core/ec2-capacity';
import { IMesh } from '../core/mesh';
import { acknowledge } from '../core/private/acknowledge';
import { reachAws } from '../core/private/aws-routes';
import { invalid, requireInteger } from '../core/private/errors';
import { markHostGroup } from '../core/private/security-path';

/**
 * A group of EC2 container hosts with an ECS capacity provider; made by `mesh.addEc2Capacity`.
 *
 * Creates a launch template (ECS-optimised Amazon Linux 2023, IMDSv2, encrypted disk), an Auto Scaling group over the private
 * subnets, and a capacity provider with managed scaling, managed draining and managed termination protection. With the mesh's
 * `removalPolicy: DESTROY` termination protection is off, because a stack with protected hosts cannot be deleted.
 *
 * Cost: two t3.small are about 30.40 USD a month, and 4.80 USD for their disks (us-east-1, November 2026).
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * const hosts = mesh.addEc2Capacity('Hosts', { minInstances: 2, maxInstances: 6 });
 */
export class Ec2Capacity extends Construct implements IEc2Capacity {
  public readonly capacityProviderName: string;
  public readonly autoScalingGroup: AutoScalingGroup;
  public readonly securityGroup: ISecurityGroup;
  public readonly instanceType: InstanceType;
  public readonly maxInstances: number;
  public readonly connections: Connections;

  /** The ECS capacity provider. */
  public readonly capacityProvider: AsgCapacityProvider;

  private readonly hostPorts = new Map<number, IConstruct>();

  public constructor(scope: Construct, id: string, props: Ec2CapacityProps) {
    super(scope, id);
    const minInstances = props.minInstances ?? 2;
    this.instanceType = props.instanceType ?? InstanceType.of(InstanceClass.T3, InstanceSize.SMALL);
    this.maxInstances = props.maxInstances ?? Math.max(4, minInstances);
    this.validateSize(minInstances, props.targetCapacityPercent);

    this.securityGroup = this.createSecurityGroup(props.mesh.vpc);
    this.connections = new Connections({ securityGroups: [this.securityGroup] });
    this.autoScalingGroup = this.createHosts(props.mesh, minInstances);
    this.capacityProvider = new AsgCapacityProvider(this, 'Provider', {
      autoScalingGroup: this.autoScalingGroup,
      enableManagedScaling: true,
      enableManagedDraining: true,
      enableManagedTerminationProtection: props.mesh.removalPolicy !== RemovalPolicy.DESTROY,
      targetCapacityPercent: props.targetCapacityPercent ?? 100,
    });
    props.mesh.cluster.addAsgCapacityProvider(this.capacityProvider);
    // The agent joins the cluster through these; without NAT they are endpoints.
    this.autoScalingGroup.node.addDependency(...reachAws(props.mesh, this, ['ecs', 'ecs-agent', 'ecs-telemetry']));
    this.capacityProviderName = this.capacityProvider.capacityProviderName;
  }

  public reserveHostPort(hostPort: number, owner: IConstruct): void {
    const other = this.hostPorts.get(hostPort);
    if (other && other !== owner) {
      throw invalid(owner, 'HostPortTaken', {
        prop: 'containers[].ports[].hostPort',
        must: `be free on ${this.node.path}, and ${other.node.path} holds it`,
        got: hostPort,
        fix: 'choose another port, use NetworkMode.BRIDGE with dynamic ports, or give the service hosts of its own',
      });
    }
    this.hostPorts.set(hostPort, owner);
  }

  private createSecurityGroup(vpc: IVpc): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      allowAllOutbound: false,
      description: 'Container hosts and their bridge and host mode tasks',
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Image registries and AWS APIs');
    markHostGroup(group);
    return group;
  }

  private createHosts(mesh: IMesh, minInstances: number): AutoScalingGroup {
    const role = this.createRole(mesh);
    const arm = this.instanceType.architecture === InstanceArchitecture.ARM_64;
    const template = new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: this.instanceType,
      machineImage: EcsOptimizedImage.amazonLinux2023(arm ? AmiHardwareType.ARM : AmiHardwareType.STANDARD),
      // CDK would add its own statements, which write any log group; tasks log through their execution roles.
      role: role.withoutPolicyUpdates(),
      securityGroup: this.securityGroup,
      userData: this.createUserData(),
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      ebsOptimized: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(Size.gibibytes(30).toGibibytes(), { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
    });
    const group = new AutoScalingGroup(this, 'Hosts', {
      vpc: mesh.vpc,
      vpcSubnets: mesh.taskSubnets,
      launchTemplate: template,
      minCapacity: minInstances,
      maxCapacity: this.maxInstances,
      newInstancesProtectedFromScaleIn: mesh.removalPolicy !== RemovalPolicy.DESTROY,
      healthChecks: HealthChecks.ec2(),
      terminationPolicies: [TerminationPolicy.DEFAULT],
    });
    acknowledge(
      group,
      'AwsSolutions-AS3',
      'ECS managed scaling owns the size of the group; its events are ECS service events and EventBridge events already.',
    );
    return group;
  }

  /** The capacity provider adds the cluster. Tasks have roles of their own, so none may borrow the host's from the metadata service. */
  private createUserData(): UserData {
    const userData = UserData.forLinux();
    userData.addCommands('echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config');
    return userData;
  }

  private createRole(mesh: IMesh): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    acknowledge(
      role,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
      'AWS keeps this policy in step with the Session Manager agent, which replaces SSH; a copy would go stale.',
    );
    for (const statement of agentStatements(mesh.cluster.clusterArn)) role.addToPolicy(statement);
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'ecs:DiscoverPollEndpoint has no resource level; Poll and StartTelemetrySession name hosts that do not exist yet, and are limited to the cluster by condition.',
    );
    return role;
  }

  private validateSize(minInstances: number, targetCapacityPercent?: number): void {
    requireInteger(this, 'InstancesOutOfRange', 'minInstances', minInstances, 0, 5000);
    requireInteger(this, 'InstancesOutOfRange', 'maxInstances', this.maxInstances, Math.max(1, minInstances), 5000);
    requireInteger(this, 'TargetCapacityOutOfRange', 'targetCapacityPercent', targetCapacityPercent, 1, 100);
  }
}

/** What the ECS agent does: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
function agentStatements(clusterArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: [
        'ecs:RegisterContainerInstance',
        'ecs:DeregisterContainerInstance',
        'ecs:SubmitContainerStateChange',
        'ecs:SubmitTaskStateChange',
        'ecs:SubmitAttachmentStateChanges',
      ],
      resources: [clusterArn],
    }),
    new PolicyStatement({
      actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
      resources: ['*'],
      conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
    }),
    new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }),
  ];
}
