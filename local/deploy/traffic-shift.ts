import { DeploymentPlan } from './deployment-plan';

/**
 * The stages of a deployment with two versions, in order.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export type Stage =
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

/** A share of the production traffic for the new version, and how long it lasts before the next one. */
export interface ShiftStep {
  readonly percent: number;
  readonly waitMs: number;
}

/** How production traffic moves: at once, a share first, or in equal steps. The last step is followed by the bake time. */
export function shiftSteps({ strategy, step }: Pick<DeploymentPlan, 'strategy' | 'step'>): ShiftStep[] {
  const all = { percent: 100, waitMs: 0 };
  if (step === undefined || strategy === 'BLUE_GREEN') return [all];
  if (strategy === 'CANARY') return [{ percent: step.percent, waitMs: step.bakeMs }, all];
  const waits = Math.ceil(100 / step.percent) - 1;
  const shares = Array.from({ length: waits }, (_unused, i) => (i + 1) * step.percent);
  return [...shares.map((percent) => ({ percent: Number(percent.toFixed(1)), waitMs: step.bakeMs })), all];
}
