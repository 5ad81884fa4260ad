import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeploymentJobProps } from './deployment-job-props';
import { Job } from './job';
import { createRun } from './private/deployment-runner';
import { acceptProps, guard } from '../core/private/guard';
import { requireSeconds } from '../core/private/require-seconds';
import { requireResolved } from '../core/private/resolved';
import { MeshService } from '../service/mesh-service';
import { deployAfter, markService } from '../tasks/private/deployment-order';

/**
 * A Fargate task that runs to completion during a deployment, before the services that need it: database migrations, indexes, initial data.
 *
 * It runs when it is created and whenever its task definition changes: a new image, command, variable or tag parameter. If its first
 * container does not exit with 0 within the timeout, the deployment fails before the services after it are updated, and the event of the
 * stack contains the container, exit code, reason, task and log group. It never runs during a rollback: old code might not support the
 * changes that newer code made to the data. It does not run while an ImageRepository has only its placeholder.
 *
 * Creates a task definition with the same hardening, roles, log group `/ecs/<mesh>/<job>` and security group as MeshService, and a custom
 * resource; the jobs of a stack share one Lambda function, which can start these jobs, describe and stop tasks of their cluster, and
 * describe its own stack. `connectTo` works as on a service.
 *
 * Limits: tasks of the old version continue to run until the new ones are healthy, and run again after a rollback, so a change of the
 * database must support both versions. A repeated deployment runs the job again, so it must be idempotent. Tasks outside of a service have
 * no Service Connect proxy: a job calls other services through gateway routes, and stores by their own addresses.
 *
 * Cost: a task of 256 CPU units and 512 MiB is about 0.0125 USD an hour in us-east-1 (list price, November 2026), for the minutes that it
 * runs; the function waits with 256 MiB, which is within Lambda's free tier for most.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * declare const database: PostgresDatabase;
 * declare const web: MeshService;
 * const migrate = new DeploymentJob(this, 'Migrate', {
 *   mesh,
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/web'), process: { command: ['python', 'manage.py', 'migrate'] } }],
 * });
 * migrate.connectTo(database);
 * migrate.before(web);
 */
export class DeploymentJob extends Job {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.jobs.DeploymentJob';

  /** The timeout of the run. */
  public readonly timeout: Duration;

  /** The run, which completes when the job has succeeded. Resources that depend on it are deployed afterwards. */
  public readonly run: CustomResource;

  constructor(scope: Construct, id: string, props: DeploymentJobProps) {
    props = acceptProps({ DeploymentJob }, new.target, scope, id, props);
    super(scope, id, props);
    requireResolved(this, 'timeout', props.timeout);
    requireSeconds(this, 'JobTimeout', 'timeout', props.timeout, 60, 840);
    this.timeout = props.timeout ?? Duration.minutes(10);
    this.run = createRun(this, this._task, this.timeout);
    this._startedBy(this.run.node.defaultChild!, 'in deployments');
    markService(this);
  }

  /**
   * Creates and updates a service only after the job has succeeded. If the service is in another stack, that stack is deployed after the
   * job's.
   *
   * Throws `CallCycle` if the job calls the service, directly or through others.
   *
   * @param service service that requires the job
   */
  public before(service: MeshService): void {
    deployAfter(service, service.service.node.defaultChild!, [this.run], 'before');
  }
}

guard({ DeploymentJob });
