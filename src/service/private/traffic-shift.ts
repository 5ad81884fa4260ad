import { AlternateTarget, ListenerRuleConfiguration } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListenerRule,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { PortHost, ShiftedRoute } from './port-host';
import { guardProductionRule, withoutTags } from './production-rule';
import { acknowledge } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { RouteRequest } from '../../core/routable';

const QUOTAS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html';
const MAX_VALUES = 5;

/** Creates the production rule, and the test rule if the rollout requires it. */
export function createShiftedRules(
  host: PortHost,
  scope: Construct,
  request: RouteRequest,
  live: ApplicationTargetGroup,
  next: ApplicationTargetGroup,
): ShiftedRoute {
  requireForwardOnly(host, request);
  const rule = createRule(scope, 'Rule', request, live, next);
  guardProductionRule(rule);
  const { _header: header, _port: port } = host.rollout._plan.testTraffic ?? {};
  if (header) {
    requireRoomForHeader(host, request);
    const condition = ListenerCondition.httpHeader(header.name, [header.value]);
    const testRule = createRule(
      scope,
      'TestRule',
      { ...request, priority: request.priority - 1, conditions: [...request.conditions, condition] },
      live,
      next,
    );
    return { live, next, rule, testRule };
  }
  if (port === undefined) return { live, next, rule };
  const testListener = request.testListeners.testListener(port);
  return {
    live,
    next,
    rule,
    testListener,
    testRule: createRule(scope, 'TestRule', { ...request, listener: testListener }, live, next),
  };
}

/** Allows ECS to register tasks in either target group and to change the weights of the rules. */
export function alternateTarget(host: PortHost, { next, rule, testRule }: ShiftedRoute): AlternateTarget {
  return new AlternateTarget('AlternateTarget', {
    alternateTargetGroup: next,
    productionListener: ListenerRuleConfiguration.applicationListenerRule(rule),
    testListener: testRule && ListenerRuleConfiguration.applicationListenerRule(testRule),
    role: (host.node.tryFindChild('LoadBalancerRole') as Role | undefined) ?? createRole(host),
  });
}

/**
 * Creates a rule with both target groups, so that ECS finds them; the first one, in which the first deployment registers its tasks, has all
 * weight.
 */
function createRule(
  scope: Construct,
  id: string,
  { listener, priority, conditions }: Pick<RouteRequest, 'listener' | 'priority' | 'conditions'>,
  live: ApplicationTargetGroup,
  next: ApplicationTargetGroup,
): ApplicationListenerRule {
  const rule = new ApplicationListenerRule(scope, id, {
    listener,
    priority,
    conditions,
    action: ListenerAction.weightedForward([
      { targetGroup: live, weight: 100 },
      { targetGroup: next, weight: 0 },
    ]),
  });
  withoutTags(rule);
  return rule;
}

function createRole(host: PortHost): Role {
  const role = new Role(host, 'LoadBalancerRole', {
    assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    description: `ECS moves traffic between two versions of ${host.discoveryName}`,
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForLoadBalancers')],
  });
  acknowledge(
    role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers]',
    'AWS keeps this policy in step with what ECS does during a deployment; with a copy that went stale a rollback would fail.',
  );
  // ECS assumes it in the first deployment already.
  host.service.node.defaultChild!.node.addDependency(role);
  return role;
}

/** Rejects a rule that does more than forward, because AWS does not shift its weights. */
function requireForwardOnly(host: PortHost, { authentication }: RouteRequest): void {
  if (!authentication) return;
  throw validationError(host, 'AuthenticationWithTwoVersions', {
    prop: 'authentication',
    must: `be left out on a route to a service with ${host.rollout._plan.name}: deployments change rules that forward and do nothing else`,
    fix: 'use Rollout.rolling, or sign users in with the application',
  });
}

function requireRoomForHeader(host: PortHost, { priority, conditions }: RouteRequest): void {
  if (priority < 2) {
    throw validationError(host, 'TestRulePriority', {
      prop: 'priority',
      must: 'be at least 2 on a route with TestTraffic.header, whose test rule needs the priority before it',
      got: priority,
      fix: 'set a larger `priority`, or leave it out',
    });
  }
  const values = conditions.flatMap((condition) => valuesOf(condition.renderRawCondition()));
  if (values.length < MAX_VALUES) return;
  throw validationError(host, 'TestRuleConditions', {
    prop: 'hosts, paths and when',
    must: `together have at most ${MAX_VALUES - 1} values on a route with TestTraffic.header, whose header is the fifth (${QUOTAS})`,
    got: values,
    fix: 'combine patterns with a wildcard, split them into two routes, or use TestTraffic.port',
  });
}

function valuesOf(condition: Record<string, unknown>): string[] {
  return Object.values(condition).flatMap((config) => (config as { values?: string[] }).values ?? []);
}
