import { Tracing } from './tracing';

/** Aids for those who operate a service. */
export interface ServiceOperations {
  /**
   * Traces of the requests.
   *
   * @default Tracing.none()
   */
  readonly tracing?: Tracing;

  /**
   * Lets `aws ecs execute-command` open a shell in the containers. Gives the task role four `ssmmessages` actions.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   * @default false
   */
  readonly enableExecuteCommand?: boolean;
}
