import { blueGreenPlan, canaryPlan, codeDeployPlan, linearPlan, rollingPlan, RolloutPlan } from './private/rollout-plans';
import { BlueGreenOptions, CanaryOptions, CodeDeployOptions, LinearOptions, RollingOptions } from './rollout-options';

/**
 * How a new version replaces the old one.
 *
 * Every choice rolls back by itself when the new version does not become healthy, and on the alarms of `service.addRollbackAlarm(...)`.
 * Blue/green, canary, linear and CodeDeploy run two full sets of tasks during a deployment, so tasks cost twice as much for that time; and
 * tasks need addresses of their own (`awsvpc`). docs/rollouts.md compares them, and says what changing from one to another does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-strategies.html
 *
 * @example
 * const rollout = Rollout.canary({ percent: 5, bakeTime: Duration.minutes(15) });
 */
export class Rollout {
  /**
   * New tasks start before old ones stop. The circuit breaker ends a deployment that cannot become healthy, and rolls it back,
   * instead of retrying for three hours.
   *
   * @param options bounds of healthy tasks
   */
  public static rolling(options: RollingOptions = {}): Rollout {
    return new Rollout(rollingPlan(options));
  }

  /**
   * The new version starts beside the old one, is tested, and then takes all traffic at once. A rollback moves the traffic back in seconds
   * for as long as the bake time lasts.
   *
   * Creates a second target group per gateway route, and a role that lets ECS change the weights of the route's rule.
   *
   * @param options bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
   */
  public static blueGreen(options: BlueGreenOptions = {}): Rollout {
    return new Rollout(blueGreenPlan(options));
  }

  /**
   * Like blue/green, but a small share of the traffic moves first. Needs a gateway route or a Service Connect alias.
   *
   * @param options share and its time, bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
   */
  public static canary(options: CanaryOptions = {}): Rollout {
    return new Rollout(canaryPlan(options));
  }

  /**
   * Like blue/green, but the traffic moves in equal steps. Needs a gateway route or a Service Connect alias.
   *
   * @param options step and its time, bake time, test traffic and hooks
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-linear.html
   */
  public static linear(options: LinearOptions = {}): Rollout {
    return new Rollout(linearPlan(options));
  }

  /**
   * Blue/green by CodeDeploy, for teams whose pipelines create deployments there. Choose `blueGreen` otherwise.
   *
   * Creates an application and a deployment group, `service.deploymentGroup`. The service has exactly one gateway route and no Service
   * Connect. A stack update registers a new task definition and deploys nothing: a pipeline must create the deployment. Changing an existing
   * service to or from CodeDeploy is described in docs/rollouts.md; plan it as a replacement.
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
