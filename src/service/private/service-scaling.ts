import { Duration } from 'aws-cdk-lib';
import { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { validateAtSynth } from '../../core/private/errors';

/** The scaling of one service, whose first route is added later. */
export class ServiceScaling {
  private routed = false;

  constructor(
    public readonly taskCount?: ScalableTaskCount,
    private readonly requestsPerTarget?: number,
    private readonly cooldown: { scaleOutCooldown?: Duration; scaleInCooldown?: Duration } = {},
  ) {
    if (taskCount && requestsPerTarget !== undefined) {
      validateAtSynth(taskCount, 'RequestScalingWithoutRoute', () =>
        this.routed
          ? []
          : [
              {
                prop: 'scaling.requestsPerTarget',
                must: 'have a gateway route whose requests it can count',
                got: requestsPerTarget,
                fix: 'add `gateway.external.route(...)` or `gateway.internal.route(...)` for the service, or scale on cpuPercent',
              },
            ],
      );
    }
  }

  /** Adds scaling on the requests of the first route. */
  public onRoute(targetGroup: ApplicationTargetGroup): void {
    if (this.routed || this.requestsPerTarget === undefined) return;
    this.routed = true;
    this.taskCount!.scaleOnRequestCount('Requests', { requestsPerTarget: this.requestsPerTarget, targetGroup, ...this.cooldown });
  }
}
