import { ContainerImage } from 'aws-cdk-lib/aws-ecs';

/** Choices of traces by OpenTelemetry. */
export interface OpenTelemetryOptions {
  /**
   * Share of the requests that are traced, 0 to 1, where no caller has decided. Each trace costs.
   *
   * @default 0.05
   */
  readonly sampleRatio?: number;

  /**
   * Image of the collector: AWS Distro for OpenTelemetry, or another build of it such as a copy in your own registry.
   *
   * @default - public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0
   */
  readonly image?: ContainerImage;

  /**
   * Configuration of the collector in YAML. What it sends to other services needs their permissions on the task role.
   *
   * @default - `ecs-xray.yaml` of the image: traces by OTLP, sent to X-Ray
   */
  readonly collectorConfig?: string;

  /**
   * Memory of the collector in MiB, 64 or more; taken from that of the task.
   *
   * @default 128
   */
  readonly memoryMiB?: number;
}
