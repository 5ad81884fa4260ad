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
   * Specifies whether `aws ecs execute-command` can open a shell in the containers. It adds four `ssmmessages` actions to the task role.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
}
