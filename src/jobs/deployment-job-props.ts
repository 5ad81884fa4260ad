import { Duration } from 'aws-cdk-lib';
import { JobProps } from './job-props';

/** Properties for a deployment job. */
export interface DeploymentJobProps extends JobProps {
  /**
   * The timeout of the run, from the start of the function that waits for it, including the wait for new permissions and the start of the
   * task, 1 to 14 minutes. A job that takes longer is stopped and fails the deployment. The function can run for 15 minutes at most.
   *
   * @default Duration.minutes(10)
   */
  readonly timeout?: Duration;
}
