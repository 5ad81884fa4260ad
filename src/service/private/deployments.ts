import { EcsDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { CfnService, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { AliasedPorts } from './aliased-ports';
import { createDeploymentGroup } from './code-deploy';
import { addHooks } from './deployment-hooks';
import { PortHost, ShiftedRoute } from './port-host';
import { RollbackAlarms } from './rollback-alarms';
import { hasTwoVersions, RolloutPlan } from './rollout-plans';
import { validationError, validateAtSynth } from '../../core/private/errors';
import { QUOTAS } from '../../core/private/quotas';
import { Compute } from '../../tasks/compute';
import { Scaling } from '../scaling';

// Whether alternate target groups count as well is not documented.
const { limit: MAX_ROUTES, source } = QUOTAS.targetGroupsOfService;

/** Rejects settings that do not work with two full versions of a service. */
export function requireFit(scope: IConstruct, plan: RolloutPlan, compute: Compute, scaling: Scaling): void {
  if (!hasTwoVersions(plan)) return;
  if (compute.networkMode !== NetworkMode.AWS_VPC) {
    throw validationError(scope, 'RolloutNeedsAddresses', {
      prop: 'rollout',
      must: 'be Rollout.rolling in bridge and host network mode: two versions behind one rule need tasks with their own addresses',
      got: plan.name,
      fix: 'run on Fargate, or on Compute.ec2 with NetworkMode.AWS_VPC',
    });
  }
  const requestsPerTarget = scaling._targets?.requestsPerTarget;
  if (requestsPerTarget === undefined) return;
  throw validationError(scope, 'RequestScalingWithTwoVersions', {
    prop: 'scaling.requestsPerTarget',
    must: `be left out with ${plan.name}: it counts the requests of one target group, and deployments move them to another`,
    got: requestsPerTarget,
    fix: 'scale on cpuPercent or memoryPercent, or use Rollout.rolling',
  });
}

/** The deployments of a service, whose routes and alarms are added later. */
export class Deployments {
  public readonly alarms: RollbackAlarms;
  private routes = 0;
  private group?: EcsDeploymentGroup;

  constructor(
    private readonly host: PortHost,
    private readonly aliases: AliasedPorts,
  ) {
    this.alarms = new RollbackAlarms(host, () => this.renderAlarms());
    addHooks(host, host.service, this.plan.hooks);
    this.requireTraffic();
  }

  /** The deployment group; defined from the first route on. */
  public get deploymentGroup(): EcsDeploymentGroup | undefined {
    return this.group;
  }

  /** Checks the target group limit before any resource of a route is created. */
  public requireRoom(): void {
    if (this.routes >= MAX_ROUTES) {
      throw validationError(this.host, 'RoutesPerService', {
        prop: 'route',
        must: `be one of at most ${MAX_ROUTES} to a service, each of which has a target group (${source})`,
        got: this.routes + 1,
        fix: 'combine routes into one with several `hosts` or `paths`, or split the service',
      });
    }
    if (!this.plan.codeDeploy || this.routes === 0) return;
    throw validationError(this.host, 'CodeDeployRoutes', {
      prop: 'route',
      must: 'be the only one of a service with Rollout.codeDeploy, which shifts the traffic of one pair of target groups',
      fix: 'use Rollout.blueGreen, or combine the routes into one with several `hosts` or `paths`',
    });
  }

  public onRoute(listener: IApplicationListener, shifted?: ShiftedRoute): void {
    this.routes++;
    if (!this.plan.codeDeploy || !shifted) return;
    this.group = createDeploymentGroup(this.host, this.plan.codeDeploy, listener, shifted, this.alarms);
  }

  private get plan(): RolloutPlan {
    return this.host.rollout._plan;
  }

  private get resource(): CfnService {
    return this.host.service.node.defaultChild as CfnService;
  }

  private renderAlarms(): void {
    if (!this.plan.codeDeploy) this.alarms.renderTo(this.resource);
  }

  /** Requires traffic to shift, which only blue/green can do without. */
  private requireTraffic(): void {
    const { name, strategy, codeDeploy } = this.plan;
    if (!codeDeploy && (!strategy || strategy === 'BLUE_GREEN')) return;
    validateAtSynth(this.host, 'RolloutWithoutTraffic', () =>
      this.routes > 0 || this.aliases.areCalled
        ? []
        : [
            {
              prop: 'rollout',
              must: codeDeploy
                ? 'have a gateway route whose traffic CodeDeploy can move'
                : 'have traffic to move: a gateway route, or a Service Connect alias',
              got: name,
              fix: 'add `gateway.external.route(...)` or `gateway.internal.route(...)` for the service, or use Rollout.rolling',
            },
          ],
    );
  }
}
