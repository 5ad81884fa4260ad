import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { guard } from '../core/private/guard';

/** Options for a Lambda hook. */
export interface LambdaHookOptions {
  /** The deployment lifecycle stages at which ECS waits for the result. At least one, each once. */
  readonly stages: DeploymentLifecycleStage[];
}

/**
 * A hook that decides whether a deployment continues.
 *
 * @example
 * declare const smokeTest: lambda.IFunction;
 * const hook = DeploymentHook.lambda('SmokeTest', smokeTest, {
 *   stages: [ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
 * });
 */
export class DeploymentHook {
  /**
   * A function that returns `{ "hookStatus": "SUCCEEDED" }` to continue, `FAILED` to roll back, or `IN_PROGRESS` to be called again after
   * 30 seconds (or `callBackDelay`). No result, or an error, causes a rollback.
   *
   * Creates a role that ECS can assume and that can invoke only this function; the service depends on its policy. Use each name once,
   * because it is the construct ID of the role.
   *
   * @param name name of the hook, unique in the service: letters and digits
   * @param handler function; an alias or version is invoked as such
   * @param options stages
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html
   */
  public static lambda(name: string, handler: IFunction, options: LambdaHookOptions): DeploymentHook {
    return new DeploymentHook(name, handler, [...options.stages]);
  }

  private constructor(
    /** The name of the hook. */
    public readonly name: string,
    /** @internal */
    public readonly _handler: IFunction,
    /** @internal */
    public readonly _stages: DeploymentLifecycleStage[],
  ) {}
}

guard({ DeploymentHook });
