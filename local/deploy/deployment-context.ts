import { Stage } from './traffic-shift';
import { ServiceScheduler } from '../ecs/scheduler';
import { LiveRules } from '../elb/live-rules';
import { TimeScale } from '../run/time-scale';

/** What deployments of a run share. */
export interface DeploymentContext {
  readonly time: TimeScale;
  readonly rules: LiveRules;
  readonly say: (line: string) => void;
  /** Told of each stage of a deployment with two versions. As with a hook of ECS, an error rolls the deployment back. */
  readonly hook?: (stage: Stage, service: ServiceScheduler) => Promise<void> | void;
}
