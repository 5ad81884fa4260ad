import { blueGreenPlan, canaryPlan, codeDeployPlan, linearPlan, rollingPlan, RolloutPlan } from './private/rollout-plans';
import { BlueGreenOptions, CanaryOptions, CodeDeployOptions, LinearOptions, RollingOptions } from './rollout-options';
import { guard } from '../core/private/guard';

/**
 * Specifies how a new version of a service replaces the old one.
 *
 * Every rollout rolls back automatically if the new version does not become healthy, and on the alarms of `service.addRollbackAlarm(...)`.
 * Blue/green, canary, linear and CodeDeploy run two full sets of tasks during a deployment, so tasks cost twice as much for that time, and
 * tasks need their own addresses (`awsvpc`). https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/rollouts.md compares them, and
 * describes how to change from one to another.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-strategies.html
 *
 * @example
 * const rollout = Rollout.canary({ percent: 5, bakeTime: Duration.minutes(15) });
 */
export class Rollout {
  /**
   * New tasks start before old ones stop. The circuit breaker stops a deployment that cannot become healthy and rolls it back, instead of
   * retrying for three hours.
   *
   * @param options percentages of healthy tasks
   */
  public static rolling(options: RollingOptions = {}): Rollout {
    return new Rollout(rollingPlan(options));
  }

  /**
   * The new version starts beside the old one, is tested, and then receives all traffic at once. During the bake time, a rollback shifts
   * the traffic back in seconds.
   *
   * Creates a second target group for each gateway route, and a role with which ECS changes the weights of the route's rule.
   *
   * @param options bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
   */
  public static blueGreen(options: BlueGreenOptions = {}): Rollout {
    return new Rollout(blueGreenPlan(options));
  }

  /**
   * Like blue/green, but a small percentage of the traffic shifts first. It requires a gateway route or a Service Connect alias.
   *
   * @param options percentage and its time, bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
   */
  public static canary(options: CanaryOptions = {}): Rollout {
    return new Rollout(canaryPlan(options));
  }

  /**
   * Like blue/green, but the traffic shifts in equal steps. It requires a gateway route or a Service Connect alias.
   *
   * @param options step and its time, bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-linear.html
   */
  public static linear(options: LinearOptions = {}): Rollout {
    return new Rollout(linearPlan(options));
  }

  /**
   * Blue/green deployments with CodeDeploy, for teams whose pipelines create deployments there. Otherwise, use `blueGreen`.
   *
   * Creates an application and a deployment group, `service.deploymentGroup`. The service has exactly one gateway route and no Service
   * Connect. A stack update registers a new task definition and deploys nothing: a pipeline must create the deployment.
   * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/rollouts.md describes how to change an existing service to or from
   * CodeDeploy; plan it as a replacement.
   *
   * @param options steps, bake time, approval and test port
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html
   */
  public static codeDeploy(options: CodeDeployOptions = {}): Rollout {
    return new Rollout(codeDeployPlan(options));
  }

  private constructor(
    /** @internal */
    public readonly _plan: RolloutPlan,
  ) {}
}

guard({ Rollout });
