import { Reader } from '../intrinsics/reader';

export type Strategy = 'ROLLING' | 'BLUE_GREEN' | 'CANARY' | 'LINEAR';

/** How a share of the traffic moves before all of it does. */
export interface StepPlan {
  readonly percent: number;
  readonly bakeMs: number;
}

export interface BreakerPlan {
  readonly enabled: boolean;
  readonly rollback: boolean;
  readonly resetOnHealthyTask: boolean;
  readonly threshold: { readonly type: string; readonly value: number };
}

/** The `DeploymentConfiguration` of a service, with ECS's defaults. */
export interface DeploymentPlan {
  readonly strategy: Strategy;
  /** False if something else than ECS deploys the service, as CodeDeploy does. */
  readonly byEcs: boolean;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly breaker: BreakerPlan;
  readonly bakeMs: number;
  /** For CANARY and LINEAR. */
  readonly step?: StepPlan;
  /** Functions that ECS calls at stages, by their ARN. */
  readonly hooks: readonly string[];
}

const MINUTE = 60_000;

/** Reads the deployment settings of an `AWS::ECS::Service`. */
export function readDeployment(service: Reader): DeploymentPlan {
  const configuration = service.get('DeploymentConfiguration');
  const strategy = configuration.get('Strategy').string('ROLLING') as Strategy;
  return {
    strategy,
    byEcs: service.get('DeploymentController').get('Type').string('ECS') === 'ECS',
    minimumHealthyPercent: configuration.get('MinimumHealthyPercent').number(100),
    maximumPercent: configuration.get('MaximumPercent').number(200),
    breaker: readBreaker(configuration.get('DeploymentCircuitBreaker')),
    bakeMs: configuration.get('BakeTimeInMinutes').number(0) * MINUTE,
    step: readStep(strategy, configuration),
    hooks: configuration
      .get('LifecycleHooks')
      .items()
      .map((hook) => hook.get('HookTargetArn').string()),
  };
}

function readBreaker(breaker: Reader): BreakerPlan {
  const threshold = breaker.get('ThresholdConfiguration');
  return {
    enabled: breaker.get('Enable').boolean(false),
    rollback: breaker.get('Rollback').boolean(false),
    resetOnHealthyTask: breaker.get('ResetOnHealthyTask').boolean(true),
    threshold: { type: threshold.get('Type').string('BOUNDED_PERCENT'), value: threshold.get('Value').number(50) },
  };
}

function readStep(strategy: Strategy, configuration: Reader): StepPlan | undefined {
  const name = { CANARY: 'Canary', LINEAR: 'Linear', ROLLING: undefined, BLUE_GREEN: undefined }[strategy];
  if (name === undefined) return undefined;
  const step = configuration.get(`${name}Configuration`);
  return {
    percent: step.get(name === 'Canary' ? 'CanaryPercent' : 'StepPercent').number(),
    bakeMs: step.get(name === 'Canary' ? 'CanaryBakeTimeInMinutes' : 'StepBakeTimeInMinutes').number() * MINUTE,
  };
}
