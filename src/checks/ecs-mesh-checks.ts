import { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { NagPack, NagPackProps } from 'cdk-nag/lib/nag-pack';
import { IConstruct } from 'constructs';
import { Rule } from './private/rule';
import { accessLogBucketWithKms } from './private/rules/access-log-bucket-with-kms';
import { blueGreenOnDefaultAction } from './private/rules/blue-green-on-default-action';
import { capacityLostInDeployment } from './private/rules/capacity-lost-in-deployment';
import { desiredCountFightsScaling } from './private/rules/desired-count-fights-scaling';
import { engineMinorPinned } from './private/rules/engine-minor-pinned';
import { engineVersionEnded } from './private/rules/engine-version-ended';
import { execOnReadOnlyRoot } from './private/rules/exec-on-read-only-root';
import { fixedHealthCheckPort } from './private/rules/fixed-health-check-port';
import { imageVersionEnded } from './private/rules/image-version-ended';
import { instanceFollowsLatestImage } from './private/rules/instance-follows-latest-image';
import { internalLoadBalancerOpen } from './private/rules/internal-load-balancer-open';
import { loadBalancerCannotReachHosts } from './private/rules/load-balancer-cannot-reach-hosts';
import { loadBalancerCannotReachTasks } from './private/rules/load-balancer-cannot-reach-tasks';
import { logsNeverExpire } from './private/rules/logs-never-expire';
import { macroInTemplate } from './private/rules/macro-in-template';
import { networkLoadBalancerAdmitsNobody } from './private/rules/network-load-balancer-admits-nobody';
import { noBakeTime } from './private/rules/no-bake-time';
import { noRollback } from './private/rules/no-rollback';
import { plainRedisUrlToTlsCache } from './private/rules/plain-redis-url-to-tls-cache';
import { queueWorkerScalesOnCpu } from './private/rules/queue-worker-scales-on-cpu';
import { requestScalingWithBlueGreen } from './private/rules/request-scaling-with-blue-green';
import { serviceConnectAliasTaken } from './private/rules/service-connect-alias-taken';
import { serviceConnectClientBeforeServer } from './private/rules/service-connect-client-before-server';
import { serviceConnectClientNotAdmitted } from './private/rules/service-connect-client-not-admitted';
import { serviceConnectIdleTimeoutTooShort } from './private/rules/service-connect-idle-timeout-too-short';
import { serviceConnectInHostMode } from './private/rules/service-connect-in-host-mode';
import { serviceConnectNamespaceByName } from './private/rules/service-connect-namespace-by-name';
import { serviceConnectServerAdmitsNobody } from './private/rules/service-connect-server-admits-nobody';
import { serviceConnectSilentTimeout } from './private/rules/service-connect-silent-timeout';
import { serviceConnectWithoutTaskMemory } from './private/rules/service-connect-without-task-memory';
import { serviceInDependencyCircle } from './private/rules/service-in-dependency-circle';
import { serviceOutlivesCapacityProviders } from './private/rules/service-outlives-capacity-providers';
import { slowDeregistration } from './private/rules/slow-deregistration';
import { storeOnTaskVolume } from './private/rules/store-on-task-volume';
import { taskBeforeRolePolicy } from './private/rules/task-before-role-policy';
import { tasksCannotReachRegistry } from './private/rules/tasks-cannot-reach-registry';
import { twoWritersOnOneVolume } from './private/rules/two-writers-on-one-volume';
import { volumeNotWritable } from './private/rules/volume-not-writable';
import { vpcOriginNotAdmitted } from './private/rules/vpc-origin-not-admitted';
import { webAclBlocksServices } from './private/rules/web-acl-blocks-services';
import { guard } from '../core/private/guard';
import { AppTemplates } from '../template/private/app-templates';
import { readTree, TemplateFiles } from '../template/private/construct-tree';

/** The rules, in order of their trap numbers. */
const RULES: Rule[] = [
  serviceConnectClientBeforeServer,
  serviceConnectClientNotAdmitted,
  serviceConnectServerAdmitsNobody,
  serviceConnectNamespaceByName,
  serviceConnectAliasTaken,
  serviceConnectSilentTimeout,
  fixedHealthCheckPort,
  loadBalancerCannotReachHosts,
  serviceConnectInHostMode,
  serviceConnectWithoutTaskMemory,
  internalLoadBalancerOpen,
  accessLogBucketWithKms,
  desiredCountFightsScaling,
  capacityLostInDeployment,
  noRollback,
  slowDeregistration,
  blueGreenOnDefaultAction,
  noBakeTime,
  requestScalingWithBlueGreen,
  taskBeforeRolePolicy,
  logsNeverExpire,
  execOnReadOnlyRoot,
  storeOnTaskVolume,
  twoWritersOnOneVolume,
  instanceFollowsLatestImage,
  loadBalancerCannotReachTasks,
  networkLoadBalancerAdmitsNobody,
  vpcOriginNotAdmitted,
  tasksCannotReachRegistry,
  plainRedisUrlToTlsCache,
  serviceOutlivesCapacityProviders,
  serviceInDependencyCircle,
  queueWorkerScalesOnCpu,
  volumeNotWritable,
  macroInTemplate,
  webAclBlocksServices,
  serviceConnectIdleTimeoutTooShort,
  engineVersionEnded,
  engineMinorPinned,
  imageVersionEnded,
];

/**
 * A cdk-nag pack of rules for common faults of ECS services, their networks and their load balancers.
 *
 * It reads templates, not constructs of this library, so it is useful in any CDK app that runs ECS services. It does not report what is
 * known only at deployment. https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/checks.md describes each rule and its remedy.
 * Acknowledge a finding by its ID, such as `Validations.of(construct).acknowledge({ id: 'EcsMesh-NoRollback', reason: '...' })`.
 *
 * @see https://github.com/cdklabs/cdk-nag
 *
 * @example
 * declare const app: App;
 * Validations.of(app).addPlugins(new EcsMeshChecks());
 */
export class EcsMeshChecks extends NagPack {
  /** The name of the pack. */
  public readonly name = 'EcsMesh';

  /** The IDs of all rules, as users acknowledge them. */
  public readonly ruleIds?: string[] = RULES.map(({ id }) => `EcsMesh-${id}`);

  private app?: AppTemplates;
  private files?: TemplateFiles;

  /**
   * @param scope scope whose templates contain the acknowledged rules, with `writeSuppressionsToCloudFormation`
   * @param props properties of the pack, such as `verbose` for explanations
   */
  constructor(scope?: IConstruct, props?: NagPackProps) {
    super(scope, props);
    this.packName = this.name;
  }

  /**
   * Checks an app whose templates are written. CDK calls it at the end of synthesis.
   *
   * @param context the app and its templates
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    this.files = new Map(context.stackTemplates.map(({ stackConstructPath, templatePath }) => [stackConstructPath, templatePath]));
    try {
      return super.validate(context);
    } finally {
      this.files = undefined;
    }
  }

  /**
   * Checks a construct and everything below it, after synthesis. Rules read the whole app, including resources outside the construct.
   *
   * @param scope construct to check, usually the app
   */
  public validateScope(scope: IConstruct): PolicyValidationPluginReport {
    // Read once for all rules, and read anew each time: the app may have changed since.
    this.app = readTree(scope.node.root, this.files);
    return super.validateScope(scope);
  }

  protected checkResource(node: CfnResource): void {
    const resource = this.app?.resourceAt(node.node.path) ?? readTree(node.node.root).resourceAt(node.node.path);
    if (!resource?.exists) return;
    for (const { id, level, info, explanation, check } of RULES) {
      this.applyRule({ ruleSuffixOverride: id, level, info, explanation, node, rule: () => check(resource) });
    }
  }
}

guard({ EcsMeshChecks });
