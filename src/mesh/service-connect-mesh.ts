import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, ExecuteCommandLogging, ICluster } from 'aws-cdk-lib/aws-ecs';
import { CfnLogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { IPrivateHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { HttpNamespace, INamespace, PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { Ec2Capacity } from './ec2-capacity';
import { Ec2CapacityOptions } from './ec2-capacity-props';
import { ManagedInstances } from './managed-instances';
import { ManagedInstancesOptions } from './managed-instances-props';
import { MeshCluster } from './mesh-cluster';
import { MeshNetwork } from './mesh-network';
import { shareMesh, sharedMeshProps } from './private/shared-mesh';
import { SharedMeshOptions } from './shared-mesh-options';
import { Compliance } from '../core/compliance';
import { IMesh } from '../core/mesh';
import { OfficeHours } from '../core/office-hours';
import { requireArnPlace } from '../core/private/arn-place';
import { provideAwsServiceAccess } from '../core/private/aws-service-access';
import { warnOfIpv6 } from '../core/private/dual-stack';
import { validationError } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { createLogGroup } from '../core/private/log-group';
import { claimInAccount } from '../core/private/name-registry';
import { shareNamespace } from '../core/private/namespace-names';
import { zoneNameOf } from '../core/private/of-import';
import { readableName } from '../core/private/physical-names';
import { countQuotas } from '../core/private/quota-count';
import { isUnknown } from '../core/private/unknown';

/** The maximum length of a default name: an alias has up to 127 characters, of which a discovery name and its dot use up to 64. */
const LONGEST_DEFAULT = 63;

/** Properties for a mesh. */
export interface ServiceConnectMeshProps {
  /**
   * The network.
   *
   * @default - the VPC of `cluster`, if that has one; otherwise MeshNetwork.threeTier()
   */
  readonly network?: MeshNetwork;

  /**
   * The name of the mesh, which is the first part of its log group names. It must be unique in the account and Region.
   *
   * @default - the name of the outermost stack and the construct path in it, in kebab-case, shortened to 63 characters with a hash at the
   * end
   */
  readonly meshName?: string;

  /**
   * The ECS cluster, if it exists already.
   *
   * @default - a cluster with the FARGATE and FARGATE_SPOT capacity providers
   */
  readonly cluster?: MeshCluster;

  /**
   * The Cloud Map namespace for Service Connect, if it exists already: of any type, in this Region, of this account or shared with it by
   * AWS Resource Access Manager. Names of services in it must differ from those of all other apps, which synthesis cannot see.
   *
   * @default - an HTTP namespace
   * @see https://docs.aws.amazon.com/cloud-map/latest/dg/sharing-namespaces.html
   */
  readonly namespace?: INamespace;

  /**
   * The name of the Cloud Map namespace, which is the last part of every Service Connect alias, such as `redis.care-ns`. It must be unique
   * in the account and Region, so a second stack of the same class needs another name.
   *
   * @default - the name of the mesh
   * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html
   */
  readonly namespaceName?: string;

  /**
   * The domain of a private hosted zone for the network, such as `nidhin.local`. Gateways and stores can add records to it.
   *
   * @default - no private hosted zone is created
   */
  readonly privateDomain?: string;

  /**
   * The private hosted zone of the network, if it exists already. Gateways and stores can add records to it.
   *
   * @default - the one for `privateDomain`, or none
   */
  readonly privateZone?: IPrivateHostedZone;

  /**
   * The CloudWatch Container Insights setting of the cluster that the mesh creates. `MeshCluster.existing` has an option for others.
   *
   * @default ContainerInsights.ENABLED
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * The hours outside of which services have no tasks and databases are stopped, for development and test.
   *
   * @default - everything always runs
   */
  readonly officeHours?: OfficeHours;

  /**
   * The policy for stateful resources when the stack is deleted. `DESTROY` is for development: data, deletion protection and host
   * protection go too, so that deleting the stack leaves nothing behind. With any other policy, data is retained when the stack is updated
   * or deleted, and a first deployment that fails cannot be rolled back past the protection: run it with `cdk deploy --no-rollback`.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The environment that services run in: a network in tiers, an ECS cluster with Fargate and EC2 capacity, and one Cloud Map namespace.
 *
 * Creates a VPC over two zones (public, private, isolated; a NAT gateway per zone; flow logs; S3 gateway endpoint; closed default
 * security group), an ECS cluster with the Fargate and Fargate Spot capacity providers and Container Insights, an HTTP namespace for
 * Service Connect, a log group for ECS Exec and, with `privateDomain`, a private hosted zone.
 *
 * Cost: two NAT gateways with their addresses, about 73 USD a month in us-east-1 (list price, November 2026), and 0.50 USD for a private
 * hosted zone; cluster and namespace are free. `MeshNetwork.threeTier({ nat: NatStrategy.single() })` halves the cost.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect.html
 *
 * @example
 * const mesh = new ServiceConnectMesh(this, 'Mesh', { privateDomain: 'nidhin.local' });
 */
export class ServiceConnectMesh extends Construct implements IMesh {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.mesh.ServiceConnectMesh';

  /**
   * Creates a mesh in the network, cluster and namespace that another app shares with `mesh.share(parameterPrefix)`, in the same account and
   * Region. It creates no resources; its services are in the cluster of the owner, and reach those of other apps by their aliases.
   *
   * The values are read from Parameter Store at deployment, so synthesis needs no look-up. What the template itself must contain, such as
   * the number of zones, is stated in `options`.
   *
   * @param scope scope of the mesh
   * @param id ID of the mesh in the scope
   * @param parameterPrefix prefix under which the owner shares it, such as `/platform/mesh`
   * @param options statements about the mesh, and settings of this app
   *
   * @example
   * const mesh = ServiceConnectMesh.fromParameters(this, 'Mesh', '/platform/mesh', { availabilityZones: 2 });
   */
  public static fromParameters(
    scope: Construct,
    id: string,
    parameterPrefix: string,
    options: SharedMeshOptions = {},
  ): ServiceConnectMesh {
    const parts = new Construct(scope, `${id}Shared`);
    const mesh = new ServiceConnectMesh(scope, id, sharedMeshProps(parts, parameterPrefix, options));
    shareNamespace(mesh, parameterPrefix);
    return mesh;
  }

  public readonly meshName: string;
  public readonly vpc: IVpc;
  public readonly externalLoadBalancerSubnets: SubnetSelection;
  public readonly internalLoadBalancerSubnets: SubnetSelection;
  public readonly taskSubnets: SubnetSelection;
  public readonly storeSubnets: SubnetSelection;
  public readonly cluster: ICluster;
  public readonly containerInsights?: ContainerInsights;
  public readonly namespaceName: string;
  public readonly namespaceArn: string;
  public readonly privateZone?: IPrivateHostedZone;
  public readonly removalPolicy: RemovalPolicy;
  public readonly officeHours?: OfficeHours;

  /** The Cloud Map namespace. */
  public readonly namespace: INamespace;

  constructor(scope: Construct, id: string, props: ServiceConnectMeshProps = {}) {
    props = acceptProps({ ServiceConnectMesh }, new.target, scope, id, props);
    super(scope, id);
    countQuotas(this);
    this.removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.officeHours = props.officeHours;
    this.officeHours?._validate(this);
    this.meshName = props.meshName ?? readableName(this, LONGEST_DEFAULT);
    this.refuseBoth(props);
    this.namespaceName = props.namespace?.namespaceName ?? props.namespaceName ?? this.meshName;
    this.validateNames(props);
    if (props.namespace) requireArnPlace(this, 'namespace', props.namespace.namespaceArn, ['region']);
    // Log groups and settings have it in their names.
    claimInAccount({ kind: 'mesh name', name: this.meshName, owner: this, prop: 'meshName' });
    if (!props.namespace) {
      claimInAccount({ kind: 'Cloud Map namespace', name: this.namespaceName, owner: this, prop: 'namespaceName' });
    }

    const clusterVpc = props.cluster?._vpc;
    const network = (props.network ?? (clusterVpc ? MeshNetwork.fromVpc(clusterVpc) : MeshNetwork.threeTier()))._bind(this);
    this.vpc = network.vpc;
    warnOfIpv6(this.vpc);
    this.externalLoadBalancerSubnets = network.externalLoadBalancerSubnets;
    this.internalLoadBalancerSubnets = network.internalLoadBalancerSubnets;
    this.taskSubnets = network.taskSubnets;
    this.storeSubnets = network.storeSubnets;
    if (network.awsRoutes) provideAwsServiceAccess(this, network.awsRoutes);
    this.namespace = props.namespace ?? this.createNamespace();
    this.namespaceArn = this.namespace.namespaceArn;
    this.containerInsights = props.cluster
      ? props.cluster._containerInsights
      : (props.containerInsights ?? ContainerInsights.ENABLED);
    this.cluster = props.cluster?._bind(this, this.vpc) ?? this.createCluster(this.containerInsights!);
    this.privateZone = props.privateDomain
      ? new PrivateHostedZone(this, 'PrivateZone', { zoneName: props.privateDomain, vpc: this.vpc })
      : props.privateZone;
  }

  /**
   * Adds a group of EC2 container hosts. Services use it with `Compute.ec2(capacity)`.
   *
   * @param id name of the group in the mesh
   * @param options instance type and number of hosts
   */
  public addEc2Capacity(id: string, options: Ec2CapacityOptions = {}): Ec2Capacity {
    return new Ec2Capacity(this, id, { mesh: this, ...options });
  }

  /**
   * Adds a private DNS namespace in Cloud Map, in which services with `ServiceDiscovery.privateDns(namespace)` have names.
   *
   * It must differ from `privateDomain`, such as a subdomain of it, because a network has one hosted zone for a name. When the stack is
   * deleted, services are deregistered before the namespace is deleted. Cost: 0.50 USD a month for its hosted zone (list price, November
   * 2026).
   *
   * @param id name of the namespace in the mesh
   * @param domain domain of the names, such as `svc.nidhin.local`
   */
  public addDnsNamespace(id: string, domain: string): PrivateDnsNamespace {
    this.requireDomain('domain', domain);
    if (this.privateZone && domain === zoneNameOf(this, 'privateZone', this.privateZone)) {
      throw validationError(this, 'DnsNamespaceTaken', {
        prop: 'domain',
        must: 'differ from `privateDomain`, because a network has one hosted zone for a name',
        got: domain,
        fix: `choose one below it, such as "svc.${domain}"`,
      });
    }
    return new PrivateDnsNamespace(this, id, {
      name: domain,
      vpc: this.vpc,
      description: `DNS names of services in ${this.meshName}`,
    });
  }

  /**
   * Adds container hosts that ECS manages. Services use them with `Compute.managedInstances(instances)`.
   *
   * @param id name of the group in the mesh
   * @param options requirements for the instances
   */
  public addManagedInstances(id: string, options: ManagedInstancesOptions = {}): ManagedInstances {
    return new ManagedInstances(this, id, { mesh: this, ...options });
  }

  /**
   * Shares the network, cluster and namespace with other apps of the account and Region: creates a parameter in Parameter Store for each
   * value, below a prefix. Anyone who can read the parameters can use them with `ServiceConnectMesh.fromParameters`. Parameters of the
   * standard tier are free of charge.
   *
   * @param parameterPrefix prefix of the parameters, such as `/platform/mesh`, unique in the account and Region
   */
  public share(parameterPrefix: string): void {
    shareMesh(this, this.namespace.namespaceId, parameterPrefix);
  }

  private createNamespace(): INamespace {
    return new HttpNamespace(this, 'Namespace', {
      name: this.namespaceName,
      description: `Service Connect names of ${this.meshName}`,
    });
  }

  private createCluster(containerInsights: ContainerInsights): Cluster {
    const kmsKey = Compliance.of(this).encryptionKey(this);
    const logs = createLogGroup(this, 'ExecLogs', {
      logGroupName: `/ecs/${this.meshName}/exec`,
      // Task roles of other stacks name it too, and there the id would be that of their stack.
      isUnique: true,
      disposable: this.removalPolicy === RemovalPolicy.DESTROY,
    });
    // An injector can have given it another name.
    const { logGroupName } = logs.node.defaultChild as CfnLogGroup;
    const logsName = Stack.of(this).resolve(logGroupName) === undefined ? logs.logGroupName : logGroupName!;
    return new Cluster(this, 'Cluster', {
      vpc: this.vpc,
      containerInsightsV2: containerInsights,
      enableFargateCapacityProviders: true,
      executeCommandConfiguration: {
        logging: ExecuteCommandLogging.OVERRIDE,
        kmsKey,
        logConfiguration: {
          cloudWatchEncryptionEnabled: kmsKey && true,
          cloudWatchLogGroup: LogGroup.fromLogGroupName(this, 'ExecLogsByName', logsName),
        },
      },
    });
  }

  /** Rejects settings for what the mesh would create beside what exists already. */
  private refuseBoth(props: ServiceConnectMeshProps): void {
    const pairs = [
      ['cluster', 'containerInsights'],
      ['namespace', 'namespaceName'],
      ['privateZone', 'privateDomain'],
    ] as const;
    for (const [existing, setting] of pairs) {
      if (props[existing] === undefined || props[setting] === undefined) continue;
      throw validationError(this, 'MeshPartExists', {
        prop: setting,
        must: `be left out with \`${existing}\`, which exists already and has its own`,
        got: props[setting],
        fix: `leave out one of the two${existing === 'cluster' ? ', or state it with `MeshCluster.existing(cluster, { containerInsights })`' : ''}`,
      });
    }
  }

  private validateNames({ namespace, privateDomain }: ServiceConnectMeshProps): void {
    for (const [prop, name] of [['meshName', this.meshName], ...(namespace ? [] : [['namespaceName', this.namespaceName]])]) {
      if (!isUnknown(name) && !/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,126}[A-Za-z0-9])?$/.test(name)) {
        throw validationError(this, 'BadMeshName', {
          prop,
          must: 'be 1 to 128 letters, digits, dots and hyphens',
          got: name,
          fix: 'it becomes part of DNS names and log group names',
        });
      }
    }
    if (privateDomain !== undefined) this.requireDomain('privateDomain', privateDomain);
  }

  private requireDomain(prop: string, domain: string): void {
    if (isUnknown(domain)) return;
    if (!/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/.test(domain)) {
      throw validationError(this, 'BadPrivateDomain', {
        prop,
        must: 'be a domain name of two labels or more',
        got: domain,
        fix: 'write it like "nidhin.local"',
      });
    }
  }
}

guard({ ServiceConnectMesh });
