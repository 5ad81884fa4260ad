import { shiftTraffic } from './blue-green-deployment';
import { DeploymentContext } from './deployment-context';
import { rollOut } from './rolling-deployment';
import { ServiceScheduler } from '../ecs/scheduler';
import { ServicePlan } from '../ecs/service-plan';

/** Brings a service to another version in the way that its template says. */
export class Deployer {
  /** Stands for the lifecycle hooks of a service. */
  public hook?: DeploymentContext['hook'];

  constructor(private readonly context: Omit<DeploymentContext, 'hook'>) {}

  /** Resolves when the service is steady with the version; an error says why it is not, after a rollback where the template has one. */
  public async deploy(service: ServiceScheduler, plan: ServicePlan): Promise<void> {
    if (service.revisions.length > 1) throw new Error(`${service.plan.label}: a deployment is in progress`);
    const context = { ...this.context, hook: this.hook };
    if (!plan.deployment.byEcs) {
      return context.say(`${plan.label}: a stack update deploys nothing; CodeDeploy would, and is not emulated`);
    }
    if (plan.deployment.strategy === 'ROLLING') await rollOut(service, plan, context);
    else await shiftTraffic(service, plan, context);
  }

  /** `aws ecs update-service --force-new-deployment`: new tasks of the same version, which read their secrets again. */
  public redeploy(service: ServiceScheduler): Promise<void> {
    return this.deploy(service, { ...service.plan });
  }
}
