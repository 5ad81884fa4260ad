import { ServicePlan } from './service-plan';
import { Task } from './task';

/** One version of a service, with the tasks that run it. */
export class Revision {
  public readonly tasks: Task[] = [];
  /** How many tasks it is to have. */
  public wanted = 0;
  public launched = 0;
  /** Whether Service Connect sends requests to its tasks; the load balancer goes by the weights of its rules. */
  public serves = true;

  constructor(public readonly plan: ServicePlan) {}
}
