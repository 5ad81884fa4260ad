import { Duration, Token } from 'aws-cdk-lib';
import { EcsDeploymentConfig, IEcsDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { BaseServiceOptions, DeploymentControllerType, DeploymentStrategy } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { requireMinutes, requireTenths, requireTestTraffic, requireTotal } from './rollout-limits';
import { validationError, requireInteger } from '../../core/private/errors';
import { requireResolved } from '../../core/private/resolved';
import { DeploymentHook } from '../deployment-hook';
import { BlueGreenOptions, CanaryOptions, CodeDeployOptions, LinearOptions, RollingOptions } from '../rollout-options';
import { TestTraffic } from '../test-traffic';

/** The deployment settings of the ECS service. */
export type RolloutConfig = Required<Pick<BaseServiceOptions, 'minHealthyPercent' | 'maxHealthyPercent'>> &
  Pick<BaseServiceOptions, 'circuitBreaker' | 'deploymentStrategy' | 'bakeTime' | 'canaryConfiguration' | 'linearConfiguration'>;

/** The settings of CodeDeploy in addition to those of the service. */
export interface CodeDeployPlan {
  readonly deploymentConfig: IEcsDeploymentConfig;
  readonly bakeTime: Duration;
  readonly approvalTime: Duration;
}

/** A rollout with all defaults. */
export interface RolloutPlan {
  /** The name in the user's code, for messages. */
  readonly name: string;
  /** The ECS deployment strategy that shifts traffic between two target groups; undefined if there is none. */
  readonly strategy?: DeploymentStrategy;
  readonly controller: DeploymentControllerType;
  readonly codeDeploy?: CodeDeployPlan;
  readonly testTraffic?: TestTraffic;
  readonly hooks: DeploymentHook[];
  /** Checks the values where they are used, and renders them for the service. */
  render(scope: IConstruct): RolloutConfig;
}

/** The maximum duration of a deployment, because CloudFormation times out after 36 hours. */
const MAX_TOTAL_MINUTES = 33 * 60;
const MAX_MINUTES = 24 * 60;
const DEFAULT_BAKE = Duration.minutes(10);
const BREAKER = { circuitBreaker: { enable: true, rollback: true } };
/** The percentages for two complete versions side by side. */
const COMPLETE = { minHealthyPercent: 100, maxHealthyPercent: 200 };

/** Returns true if two full versions run at once, behind two target groups. */
export function hasTwoVersions({ strategy, codeDeploy }: RolloutPlan): boolean {
  return strategy !== undefined || codeDeploy !== undefined;
}

export function rollingPlan({ minHealthyPercent = 100, maxHealthyPercent = 200 }: RollingOptions): RolloutPlan {
  return {
    name: 'Rollout.rolling',
    controller: DeploymentControllerType.ECS,
    hooks: [],
    render: (scope) => {
      requireInteger(scope, 'PercentOutOfRange', 'rollout.minHealthyPercent', minHealthyPercent, 0, 100);
      requireInteger(scope, 'PercentOutOfRange', 'rollout.maxHealthyPercent', maxHealthyPercent, 100, 200);
      if (minHealthyPercent === maxHealthyPercent) {
        throw validationError(scope, 'RolloutCannotMove', {
          prop: 'rollout.maxHealthyPercent',
          must: 'be above `rollout.minHealthyPercent`, because no task could be replaced otherwise',
          got: maxHealthyPercent,
          fix: 'lower `minHealthyPercent` to replace in place, or raise `maxHealthyPercent`',
        });
      }
      return { minHealthyPercent, maxHealthyPercent, ...BREAKER };
    },
  };
}

export function blueGreenPlan(options: BlueGreenOptions): RolloutPlan {
  return shiftPlan('Rollout.blueGreen', DeploymentStrategy.BLUE_GREEN, options, () => ({}));
}

export function canaryPlan(options: CanaryOptions): RolloutPlan {
  const { percent = 10, canaryTime = Duration.minutes(10), bakeTime = DEFAULT_BAKE } = options;
  return shiftPlan('Rollout.canary', DeploymentStrategy.CANARY, options, (scope) => {
    requireTenths(scope, 'rollout.percent', percent, 0.1);
    requireMinutes(scope, 'rollout.canaryTime', canaryTime, MAX_MINUTES);
    requireTotal(scope, 'rollout.canaryTime` and `rollout.bakeTime', [canaryTime, bakeTime], MAX_TOTAL_MINUTES);
    return { canaryConfiguration: { stepPercent: percent, stepBakeTime: canaryTime } };
  });
}

export function linearPlan(options: LinearOptions): RolloutPlan {
  const { stepPercent = 20, stepTime = Duration.minutes(3), bakeTime = DEFAULT_BAKE } = options;
  return shiftPlan('Rollout.linear', DeploymentStrategy.LINEAR, options, (scope) => {
    requireTenths(scope, 'rollout.stepPercent', stepPercent, 3);
    requireMinutes(scope, 'rollout.stepTime', stepTime, MAX_MINUTES);
    if (!Token.isUnresolved(stepPercent)) {
      // CloudFormation counts the waits between the steps; after the last one only the bake time follows.
      const waits = Math.ceil(100 / stepPercent) - 1;
      const times = [...Array<Duration>(waits).fill(stepTime), bakeTime];
      requireTotal(scope, `rollout.stepTime\` (${waits} times) and \`rollout.bakeTime`, times, MAX_TOTAL_MINUTES);
    }
    return { linearConfiguration: { stepPercent, stepBakeTime: stepTime } };
  });
}

export function codeDeployPlan(options: CodeDeployOptions): RolloutPlan {
  const {
    deploymentConfig = EcsDeploymentConfig.ALL_AT_ONCE,
    bakeTime = DEFAULT_BAKE,
    approvalTime = Duration.minutes(0),
    testTraffic,
  } = options;
  return {
    name: 'Rollout.codeDeploy',
    controller: DeploymentControllerType.CODE_DEPLOY,
    codeDeploy: { deploymentConfig, bakeTime, approvalTime },
    testTraffic,
    hooks: [],
    render: (scope) => {
      requireMinutes(scope, 'rollout.bakeTime', bakeTime, 2 * MAX_MINUTES);
      requireResolved(scope, 'rollout.approvalTime', approvalTime);
      requireMinutes(scope, 'rollout.approvalTime', approvalTime, 2 * MAX_MINUTES);
      requireTestTraffic(scope, testTraffic);
      requirePort(scope, testTraffic);
      return COMPLETE;
    },
  };
}

function shiftPlan(
  name: string,
  strategy: DeploymentStrategy,
  { bakeTime = DEFAULT_BAKE, testTraffic, hooks = [] }: BlueGreenOptions,
  steps: (scope: IConstruct) => Partial<RolloutConfig>,
): RolloutPlan {
  return {
    name,
    strategy,
    controller: DeploymentControllerType.ECS,
    testTraffic,
    hooks: [...hooks],
    render: (scope) => {
      requireMinutes(scope, 'rollout.bakeTime', bakeTime, MAX_MINUTES);
      requireTestTraffic(scope, testTraffic);
      return { ...COMPLETE, ...BREAKER, deploymentStrategy: strategy, bakeTime, ...steps(scope) };
    },
  };
}

function requirePort(scope: IConstruct, testTraffic: TestTraffic | undefined): void {
  if (!testTraffic?._header) return;
  throw validationError(scope, 'CodeDeployTestTraffic', {
    prop: 'rollout.testTraffic',
    must: 'be TestTraffic.port with Rollout.codeDeploy, which supports listeners but not rules',
    got: `a header, ${testTraffic._header.name}`,
    fix: 'use TestTraffic.port(8443), or Rollout.blueGreen',
  });
}
