import { Duration } from 'aws-cdk-lib';
import { JobProps } from './job-props';

/** Choices of a deployment job. */
export interface DeploymentJobProps extends JobProps {
  /**
   * Time for the whole run, the start of the task included, 1 to 14 minutes; a job that takes longer is stopped and fails the deployment. The
   * function that waits for it lives for 15 minutes at most.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;
}
