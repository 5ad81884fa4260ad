import { Duration } from 'aws-cdk-lib';
import { IEcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentHook } from './deployment-hook';
import { TestTraffic } from './test-traffic';

/** Options for rolling deployments. */
export interface RollingOptions {
  /**
   * The minimum percentage of desired tasks that stay healthy, 0 to 100.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;

  /**
   * The maximum percentage of desired tasks that run at once, 100 to 200.
   *
   * @default 200
   */
  readonly maxHealthyPercent?: number;
}

/** Options for blue/green deployments. */
export interface BlueGreenOptions {
  /**
   * The bake time: both versions run for this time after all traffic has shifted. A rollback takes seconds during this time, both versions
   * are billed, and a stack update waits. Whole minutes, 0 to 1,440. The AWS default is 36 hours.
   *
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;

  /**
   * Specifies how test traffic reaches the new version first.
   *
   * @default - no test traffic
   */
  readonly testTraffic?: TestTraffic;

  /**
   * The hooks that decide whether the deployment continues.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHook[];
}

/** Options for canary deployments: a small percentage of the traffic first, then all. */
export interface CanaryOptions extends BlueGreenOptions {
  /**
   * The percentage of the traffic that shifts to the new version first, 0.1 to 100 in steps of 0.1.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * The time before the rest of the traffic shifts. Whole minutes, 0 to 1,440; together with `bakeTime`, at most 33 hours.
   *
   * @default Duration.minutes(10)
   */
  readonly canaryTime?: Duration;
}

/** Options for linear deployments: equal percentages of the traffic, one after the other. */
export interface LinearOptions extends BlueGreenOptions {
  /**
   * The percentage of the traffic that shifts in each step, 3 to 100 in steps of 0.1.
   *
   * @default 20
   */
  readonly stepPercent?: number;

  /**
   * The time after each step except the last. Whole minutes, 0 to 1,440; all steps together with `bakeTime`, at most 33 hours.
   *
   * @default Duration.minutes(3)
   */
  readonly stepTime?: Duration;
}

/** Options for deployments with CodeDeploy. */
export interface CodeDeployOptions {
  /**
   * The deployment configuration, which specifies the steps of the traffic shift.
   *
   * @default EcsDeploymentConfig.ALL_AT_ONCE
   */
  readonly deploymentConfig?: IEcsDeploymentConfig;

  /**
   * The time for which both versions run after all traffic has shifted. Whole minutes, 0 to 2,880.
   *
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;

  /**
   * The time for which a deployment waits for `aws deploy continue-deployment` before it is stopped. Whole minutes, 0 to 2,880; 0 does not
   * wait.
   *
   * @default Duration.minutes(0)
   */
  readonly approvalTime?: Duration;

  /**
   * The port on which test traffic reaches the new version first. CodeDeploy supports only listeners, so it must be `TestTraffic.port`.
   *
   * @default - no listener for tests
   */
  readonly testTraffic?: TestTraffic;
}
