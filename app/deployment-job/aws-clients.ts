/** The calls that the handler makes, as far as it uses them; the runtime of Lambda has the SDK, and nothing of it is bundled. */
export interface Ecs {
  runTask(input: object): Promise<{ tasks?: Task[]; failures?: Failure[] }>;
  describeTasks(input: { cluster: string; tasks: string[] }): Promise<{ tasks?: Task[]; failures?: Failure[] }>;
  stopTask(input: { cluster: string; task: string; reason: string }): Promise<unknown>;
}

export interface CloudFormation {
  describeStacks(input: { StackName: string }): Promise<{ Stacks?: { StackStatus?: string }[] }>;
}

export interface Task {
  readonly taskArn?: string;
  readonly lastStatus?: string;
  readonly stoppedReason?: string;
  readonly containers?: { readonly name?: string; readonly exitCode?: number; readonly reason?: string }[];
}

export interface Failure {
  readonly reason?: string;
  readonly detail?: string;
}
