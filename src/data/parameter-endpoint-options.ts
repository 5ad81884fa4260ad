/** Specifies when a parameter is read. */
export enum ParameterRead {
  /** At the start of a task: ECS reads it with the execution role and injects it as a variable. */
  AT_START = 'at-start',
  /** While a task runs: its own code reads it with the task role, and a variable contains the name. */
  AT_RUN_TIME = 'at-run-time',
}

/** Options for a connection to a parameter. */
export interface ParameterEndpointOptions {
  /**
   * Specifies when the parameter is read.
   *
   * @default ParameterRead.AT_START
   */
  readonly read?: ParameterRead;
}
