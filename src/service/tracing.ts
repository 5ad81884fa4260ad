import { OpenTelemetryOptions } from './open-telemetry-options';
import { permitTraces, TracedTask, withCollector } from './private/collector';
import { guard } from '../core/private/guard';
import { ResolvedContainer } from '../tasks/private/resolved-container';
import { Task } from '../tasks/private/task';
import { TaskOwner } from '../tasks/private/task-resources';

/**
 * The traces of the requests that a service receives and sends.
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * new MeshService(this, 'Api', {
 *   mesh,
 *   operations: { tracing: Tracing.openTelemetry({ sampleRatio: 0.1 }) },
 *   containers: [{ image: ecs.ContainerImage.fromRegistry('my/api') }],
 * });
 */
export class Tracing {
  /** No traces. */
  public static none(): Tracing {
    return new Tracing();
  }

  /**
   * A collector among the sidecars, `otel-collector`, which takes traces by OTLP on localhost and sends them to X-Ray. The app's containers get the
   * standard `OTEL_` variables: name of the service, endpoint, protocol and sampler, so that any OpenTelemetry SDK works without settings in code.
   *
   * The collector starts first and stops last, has a read-only root file system and no capabilities, and is not essential: when it fails, ECS
   * restarts it and the task works on without traces. The task role may send traces to X-Ray, and nothing else for it.
   *
   * Needs tasks with an address of their own (`awsvpc`), and a way out to public.ecr.aws, unless `image` is elsewhere.
   * Cost: 5 USD per million traces recorded in us-east-1 (list price, November 2026), the first 100 000 of a month are free.
   *
   * @param options sampling, image and configuration
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/trace-data.html
   */
  public static openTelemetry(options: OpenTelemetryOptions = {}): Tracing {
    return new Tracing(options);
  }

  private constructor(private readonly options?: OpenTelemetryOptions) {}

  /** The containers of the task, and the collector among them. @internal */
  public _resolve(owner: TaskOwner, containers: ResolvedContainer[], task: TracedTask): ResolvedContainer[] {
    return this.options ? withCollector(owner, containers, task, this.options) : containers;
  }

  /** Grants the permissions that traces need. @internal */
  public _permit(task: Task): void {
    if (this.options) permitTraces(task, this.options);
  }
}

guard({ Tracing });
