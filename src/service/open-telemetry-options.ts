import { ContainerImage } from 'aws-cdk-lib/aws-ecs';

/** Options for traces with OpenTelemetry. */
export interface OpenTelemetryOptions {
  /**
   * The fraction of requests that are traced, 0 to 1, if the client has not decided. Each trace is billed.
   *
   * @default 0.05
   */
  readonly sampleRatio?: number;

  /**
   * The image of the collector: AWS Distro for OpenTelemetry, or a copy of it in your own registry.
   *
   * @default - public.ecr.aws/aws-observability/aws-otel-collector:v0.50.0
   */
  readonly image?: ContainerImage;

  /**
   * The configuration of the collector in YAML. If it sends data to other services, add their permissions to the task role.
   *
   * @default - `ecs-xray.yaml` of the image: traces by OTLP, sent to X-Ray
   */
  readonly collectorConfig?: string;

  /**
   * The memory of the collector in MiB, 64 or more, which is part of the task's memory.
   *
   * @default 128
   */
  readonly memoryMiB?: number;
}
