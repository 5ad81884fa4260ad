import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { IFunction } from 'aws-cdk-lib/aws-lambda';

/** When a hook runs. */
export interface LambdaHookOptions {
  /** Stages of the deployment at which ECS waits for the answer. At least one, each once. */
  readonly stages: DeploymentLifecycleStage[];
}

/**
 * Code that decides whether a deployment goes on.
 *
 * @example
 * declare const smokeTest: lambda.Function;
 * const hook = DeploymentHook.lambda('SmokeTest', smokeTest, {
 *   stages: [ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
 * });
 */
export class DeploymentHook {
  /**
   * A function that answers `{ "hookStatus": "SUCCEEDED" }` to go on, `FAILED` to roll back, or `IN_PROGRESS` to be asked again after
   * 30 seconds (or `callBackDelay`). No answer, or an error, rolls back.
   *
   * Creates a role that ECS may assume, and that may invoke this one function; the service waits for its policy. Keep one hook per name:
   * the name is the id of the role.
   *
   * @param name name of the hook, unique in the service: letters and digits
   * @param handler the function; an alias or version is invoked as such
   * @param options stages
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
   */
  public static lambda(name: string, handler: IFunction, options: LambdaHookOptions): DeploymentHook {
    return new DeploymentHook(name, handler, [...options.stages]);
  }

  private constructor(
    /** Name of the hook. */
    public readonly name: string,
    /** @internal */
    public readonly _handler: IFunction,
    /** @internal */
    public readonly _stages: DeploymentLifecycleStage[],
  ) {}
}
