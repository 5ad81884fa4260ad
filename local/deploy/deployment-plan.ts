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
  /** Functions that ECS calls at stages, by their ARN, and pauses. */
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
      .map((hook) => hook.get('HookTargetArn').string('a pause')),
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

/**
 * Names of the settings of a step, with the defaults of ECS.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html and API_LinearConfiguration.html
 */
const STEPS = {
  CANARY: { of: 'CanaryConfiguration', step: 'Canary', percent: 5, minutes: 10 },
  LINEAR: { of: 'LinearConfiguration', step: 'Step', percent: 10, minutes: 6 },
};

function readStep(strategy: Strategy, configuration: Reader): StepPlan | undefined {
  if (strategy !== 'CANARY' && strategy !== 'LINEAR') return undefined;
  const { of, step, percent, minutes } = STEPS[strategy];
  const plan = configuration.get(of);
  return {
    percent: plan.get(`${step}Percent`).number(percent),
    bakeMs: plan.get(`${step}BakeTimeInMinutes`).number(minutes) * MINUTE,
  };
}
