import { Duration } from 'aws-cdk-lib';
import { JobProps } from './job-props';

/** Choices of a deployment job. */
export interface DeploymentJobProps extends JobProps {
  /**
   * Time for the whole run, from the start of the function that waits for it: waiting for new permissions and the start of the task are included.
   * 1 to 14 minutes; a job that takes longer is stopped and fails the deployment. The function lives for 15 minutes at most.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;
}
