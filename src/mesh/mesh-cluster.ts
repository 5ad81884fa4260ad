import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { CapacityProviderStrategy, Cluster, ContainerInsights, ICluster } from 'aws-cdk-lib/aws-ecs';
import { Construct, IConstruct } from 'constructs';
import { requireArnPlace } from '../core/private/arn-place';
import { isOfApp, stateOwnersList } from '../core/private/cluster-capacity';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { isUnknown } from '../core/private/unknown';

/** The capacity providers of an existing cluster. */
export interface ExistingCapacityProviders {
  /**
   * The names of all capacity providers of the cluster, such as `FARGATE`, `FARGATE_SPOT` and those of its Auto Scaling groups. The
   * deployment of a capacity provider replaces the whole list, so a name that is left out is removed from the cluster.
   */
  readonly names: string[];

  /**
   * The default capacity provider strategy of the cluster, which the same call sets.
   *
   * @default - none
   */
  readonly defaultStrategy?: CapacityProviderStrategy[];
}

/** Options for an existing cluster. */
export interface ExistingClusterOptions {
  /**
   * The CloudWatch Container Insights setting of the cluster. Alarms on missing tasks and the scaling of queue workers read its metrics.
   *
   * @default - the setting of a cluster of the app; otherwise not known: `MeshAlarms` warns, and queue workers with a backlog are rejected
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * All capacity providers of a cluster that another app owns. With the list, `addEc2Capacity` and `addManagedInstances` of the mesh add to
   * it, and services on other providers are rejected.
   *
   * @default - not known: capacity cannot be added, and Fargate services assume that the cluster has FARGATE and FARGATE_SPOT
   */
  readonly capacityProviders?: ExistingCapacityProviders;
}

/**
 * The ECS cluster of a mesh, if it exists already.
 *
 * @example
 * declare const vpc: ec2.IVpc;
 * const cluster = ecs.Cluster.fromClusterAttributes(this, 'Cluster', { clusterName: 'platform', vpc });
 * const mesh = new ServiceConnectMesh(this, 'Mesh', {
 *   network: MeshNetwork.fromVpc(vpc),
 *   cluster: MeshCluster.existing(cluster, { containerInsights: ecs.ContainerInsights.ENABLED }),
 * });
 */
export class MeshCluster {
  /**
   * Uses an existing cluster: of this app, or of another one with `Cluster.fromClusterAttributes` or `Cluster.fromClusterArn`. A cluster of
   * the app receives the FARGATE and FARGATE_SPOT capacity providers; nothing else changes in it. Without `network`, the mesh uses the VPC
   * that the cluster was created or imported with.
   *
   * @param cluster the cluster, in the account and Region of the stack
   * @param options settings of a cluster that another app owns
   */
  public static existing(cluster: ICluster, options: ExistingClusterOptions = {}): MeshCluster {
    return new MeshCluster(cluster, options);
  }

  private constructor(
    private readonly cluster: ICluster,
    private readonly options: ExistingClusterOptions,
  ) {}

  /** The stated setting, which counts for a cluster of another app. @internal */
  public get _containerInsights(): ContainerInsights | undefined {
    return this.options.containerInsights;
  }

  /** The VPC that the cluster was created or imported with; undefined for one that is known by its ARN. @internal */
  public get _vpc(): IVpc | undefined {
    return vpcOf(this.cluster);
  }

  /** @internal */
  public _bind(scope: Construct, vpc: IVpc): ICluster {
    const { capacityProviders } = this.options;
    if (isOfApp(this.cluster)) {
      this.refuseStatements(scope);
      this.requireVpc(scope, vpc);
      this.cluster.enableFargateCapacityProviders();
      return this.cluster;
    }
    requireArnPlace(scope, 'cluster', this.cluster.clusterArn, ['account', 'region']);
    const cluster = withVpc(scope, this.cluster, vpc);
    if (capacityProviders) {
      requireProviderList(scope, capacityProviders);
      stateOwnersList(cluster, { names: capacityProviders.names, defaultStrategy: capacityProviders.defaultStrategy ?? [] });
    }
    return cluster;
  }

  /** Rejects a cluster of the app with another VPC: the services of CDK are in the subnets of the VPC that their cluster was created with. */
  private requireVpc(scope: IConstruct, { vpcId, node }: IVpc): void {
    const { vpc } = this.cluster;
    if (vpc.vpcId === vpcId) return;
    throw validationError(scope, 'ClusterOfOtherVpc', {
      prop: 'cluster',
      must: `be created with the VPC of \`network\` (${node.path})`,
      got: vpc.node.path,
      fix: 'pass `vpc` of the cluster to `MeshNetwork.fromVpc`, or import the cluster with `Cluster.fromClusterAttributes` and the other VPC',
    });
  }

  /** Rejects statements about a cluster whose settings the app has itself. */
  private refuseStatements(scope: IConstruct): void {
    const [stated] = (['containerInsights', 'capacityProviders'] as const).filter((name) => this.options[name] !== undefined);
    if (!stated) return;
    throw validationError(scope, 'ClusterOfApp', {
      prop: `cluster.${stated}`,
      must: 'be left out for a cluster of this app, which has its own settings',
      got: this.cluster.node.path,
      fix: 'change the cluster itself',
    });
  }
}

guard({ MeshCluster });

/**
 * Returns an imported cluster with the VPC of the mesh. A cluster of ECS has no VPC; CDK's services read it from the import, which may lack it or
 * have another one.
 */
function withVpc(scope: Construct, cluster: ICluster, vpc: IVpc): ICluster {
  if (vpcOf(cluster) === vpc) return cluster;
  const { clusterName, clusterArn } = cluster;
  return Cluster.fromClusterAttributes(scope, 'Cluster', { clusterName, clusterArn, vpc });
}

function vpcOf(cluster: ICluster): IVpc | undefined {
  try {
    return cluster.vpc;
  } catch {
    return undefined;
  }
}

/** Rejects a list that ECS would reject: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html */
function requireProviderList(scope: IConstruct, { names, defaultStrategy = [] }: ExistingCapacityProviders): void {
  const prop = 'cluster.capacityProviders';
  const wrong = names.find((name) => !isUnknown(name) && !/^[A-Za-z0-9_-]{1,255}$/.test(name));
  if (wrong !== undefined) {
    throw validationError(scope, 'BadProviderName', {
      prop: `${prop}.names`,
      must: 'be names of 1 to 255 letters, digits, underscores and hyphens',
      got: wrong,
      fix: 'copy them from `aws ecs describe-clusters`',
    });
  }
  defaultStrategy.forEach(({ capacityProvider, base, weight }, i) => {
    requireInteger(scope, 'ShareOutOfRange', `${prop}.defaultStrategy[${i}].base`, base, 0, 100_000);
    requireInteger(scope, 'ShareOutOfRange', `${prop}.defaultStrategy[${i}].weight`, weight, 0, 1000);
    if (names.includes(capacityProvider) || [capacityProvider, ...names].some(isUnknown)) return;
    throw validationError(scope, 'ProviderNotListed', {
      prop: `${prop}.defaultStrategy[${i}].capacityProvider`,
      must: `be one of \`names\` (${names.join(', ')})`,
      got: capacityProvider,
      fix: 'add it to `names`, which are all providers of the cluster',
    });
  });
}
