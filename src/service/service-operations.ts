import { Duration } from 'aws-cdk-lib';
import { Tracing } from './tracing';

/** Options for operating a service. */
export interface ServiceOperations {
  /**
   * The traces of requests.
   *
   * @default Tracing.none()
   */
  readonly tracing?: Tracing;

  /**
   * The time after its start for which a task is kept though health checks of a load balancer or of its containers fail: 0 seconds or more,
   * in whole seconds. Specify the longest start of the app, from the start of the task to the first healthy answer. A task that fails the
   * checks after it is replaced, and a deployment whose tasks all are is rolled back.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
   * @default - 60 seconds with a load balancer, else 0
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * Specifies whether `aws ecs execute-command` can open a shell in the containers. It adds four `ssmmessages` actions to the task role.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
}
