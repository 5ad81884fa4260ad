import { DeploymentContext } from './deployment-context';
import { shiftSteps, Stage } from './traffic-shift';
import { DeploymentFailed, watch, withBreaker } from './watch';
import { Revision } from '../ecs/revision';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan, TargetBinding } from '../ecs/service-plan';

/**
 * Starts the new version beside the old one, and then moves traffic by the weights of listener rules.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export async function shiftTraffic(service: ServiceScheduler, plan: ServicePlan, context: DeploymentContext): Promise<void> {
  const blue = service.current;
  const green = service.revise(inIdleGroups(plan, blue.plan));
  green.serves = false;
  const deployment = new TrafficShift(service, blue, green, context);
  try {
    await deployment.run();
  } catch (error) {
    if (service.closed) throw error;
    context.say(`${(error as Error).message}; traffic goes back`);
    await deployment.goBack();
    throw error;
  }
}

/** The new version registers its tasks where none are: each of the two groups is used in turn. */
export function inIdleGroups(next: ServicePlan, now: Pick<ServicePlan, 'targets'>): ServicePlan {
  const idle = (target: TargetBinding): TargetBinding => {
    const { alternate } = target;
    if (!alternate) return target;
    const pair = [target.targetGroupArn, alternate.targetGroupArn];
    const used = now.targets.find(({ targetGroupArn }) => pair.includes(targetGroupArn))?.targetGroupArn ?? target.targetGroupArn;
    const [free] = pair.filter((arn) => arn !== used);
    return { ...target, targetGroupArn: free, alternate: { ...alternate, targetGroupArn: used } };
  };
  return { ...next, targets: next.targets.map(idle) };
}

class TrafficShift {
  constructor(
    private readonly service: ServiceScheduler,
    private readonly blue: Revision,
    private readonly green: Revision,
    private readonly context: DeploymentContext,
  ) {}

  public async run(): Promise<void> {
    const { service, green, context } = this;
    await this.enter('PRE_SCALE_UP');
    await withBreaker(service, green, async (check) => {
      await this.enter('SCALE_UP');
      green.wanted = green.plan.desiredCount;
      await watch(service, context.time, () => {
        check();
        return service.healthy(green) >= green.wanted;
      });
      await this.enter('POST_SCALE_UP');
      await this.shiftTest(100);
      await this.shiftProduction(check);
    });
    await this.enter('CLEAN_UP');
    this.blue.wanted = 0;
    await watch(service, context.time, () => this.blue.tasks.length === 0);
    service.forget(this.blue);
  }

  /** All traffic is with the old version again before the tasks of the new one stop. */
  public async goBack(): Promise<void> {
    const { service, blue, green, context } = this;
    this.weigh('productionRule', 0);
    this.weigh('testRule', 0);
    this.serve(blue, green);
    service.restore(blue);
    green.wanted = 0;
    await watch(service, context.time, () => green.tasks.length === 0);
    service.forget(green);
  }

  private async shiftTest(percent: number): Promise<void> {
    await this.enter('TEST_TRAFFIC_SHIFT');
    this.weigh('testRule', percent);
    await this.enter('POST_TEST_TRAFFIC_SHIFT');
  }

  private async shiftProduction(check: () => void): Promise<void> {
    const { deployment } = this.green.plan;
    for (const { percent, waitMs } of shiftSteps(deployment)) {
      await this.enter('PRODUCTION_TRAFFIC_SHIFT');
      this.weigh('productionRule', percent);
      // Service Connect moves at once here, with the first share.
      this.serve(this.green, this.blue);
      await this.wait(waitMs, check);
    }
    await this.enter('POST_PRODUCTION_TRAFFIC_SHIFT');
    await this.enter('BAKE_TIME');
    await this.wait(deployment.bakeMs, check);
  }

  private serve(one: Revision, other: Revision): void {
    this.service.serve(one, true);
    this.service.serve(other, false);
  }

  private weigh(rule: 'productionRule' | 'testRule', percent: number): void {
    for (const { targetGroupArn, alternate } of this.green.plan.targets) {
      const ruleArn = alternate?.[rule];
      if (!alternate || !ruleArn) continue;
      this.context.rules.shift(ruleArn, [
        { arn: alternate.targetGroupArn, weight: 100 - percent },
        { arn: targetGroupArn, weight: percent },
      ]);
    }
  }

  private async wait(awsMs: number, check: () => void): Promise<void> {
    const until = Date.now() + this.context.time.here(awsMs);
    await watch(this.service, this.context.time, () => {
      check();
      return Date.now() >= until;
    });
  }

  private async enter(stage: Stage): Promise<void> {
    const { label, deployment } = this.green.plan;
    const wait = stage === 'BAKE_TIME' ? `, ${this.context.time.describe(deployment.bakeMs)}` : '';
    this.context.say(`${label}: ${stage}${wait}`);
    try {
      await this.context.hook?.(stage, this.service);
    } catch (error) {
      throw new DeploymentFailed(`${label}: the hook at ${stage} failed: ${(error as Error).message}`);
    }
  }
}
