import { Duration } from 'aws-cdk-lib';
import { IEcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { DeploymentHook } from './deployment-hook';
import { TestTraffic } from './test-traffic';

/** How many tasks may run during a rolling deployment. */
export interface RollingOptions {
  /**
   * Share of the desired tasks that stay healthy, 0 to 100 percent.
   *
   * @default 100
   */
  readonly minHealthyPercent?: number;

  /**
   * Share of the desired tasks that may run at once, 100 to 200 percent.
   *
   * @default 200
   */
  readonly maxHealthyPercent?: number;
}

/** How a new version is tried, and how long the old one is kept. */
export interface BlueGreenOptions {
  /**
   * Time that both versions run after all traffic has moved: for so long a rollback takes seconds, both versions cost money, and a stack
   * update waits. Whole minutes, 0 to 1440. AWS's own default is 36 hours.
   *
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;

  /**
   * How testers reach the new version first.
   *
   * @default - they do not: no rule or listener for tests
   */
  readonly testTraffic?: TestTraffic;

  /**
   * Functions that decide whether the deployment goes on.
   *
   * @default - none
   */
  readonly hooks?: DeploymentHook[];
}

/** A small share first, then all. */
export interface CanaryOptions extends BlueGreenOptions {
  /**
   * Share of the traffic that goes to the new version first, 0.1 to 100 percent in steps of 0.1.
   *
   * @default 10
   */
  readonly percent?: number;

  /**
   * Time that the share runs before all traffic moves. Whole minutes, 0 to 1440; with `bakeTime` at most 33 hours.
   *
   * @default Duration.minutes(10)
   */
  readonly canaryTime?: Duration;
}

/** Equal shares, one after the other. */
export interface LinearOptions extends BlueGreenOptions {
  /**
   * Share of the traffic that moves in each step, 3 to 100 percent in steps of 0.1.
   *
   * @default 20
   */
  readonly stepPercent?: number;

  /**
   * Time after each step but the last. Whole minutes, 0 to 1440; all of them with `bakeTime` at most 33 hours.
   *
   * @default Duration.minutes(3)
   */
  readonly stepTime?: Duration;
}

/** How CodeDeploy moves the traffic. */
export interface CodeDeployOptions {
  /**
   * In which steps the traffic moves.
   *
   * @default EcsDeploymentConfig.ALL_AT_ONCE
   */
  readonly deploymentConfig?: IEcsDeploymentConfig;

  /**
   * Time that both versions run after all traffic has moved. Whole minutes, 0 to 2880.
   *
   * @default Duration.minutes(10)
   */
  readonly bakeTime?: Duration;

  /**
   * Time that a deployment waits for `aws deploy continue-deployment` before it is stopped. Whole minutes, 0 to 2880; 0 does not wait.
   *
   * @default Duration.minutes(0)
   */
  readonly approvalTime?: Duration;

  /**
   * Port on which testers reach the new version first. CodeDeploy knows listeners only, so it must be `TestTraffic.port`.
   *
   * @default - no listener for tests
   */
  readonly testTraffic?: TestTraffic;
}
