import { Size, SizeRoundingBehavior } from 'aws-cdk-lib';
import { AwsLogDriverMode, LogDriver, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { requireResolved } from '../core/private/resolved';

/** Options for log events in the log group of the task. */
export interface BlockingLogOptions {
  /**
   * The first part of the names of the log streams: `<streamPrefix>/<container>/<task id>`.
   *
   * @default - the name of the container
   */
  readonly streamPrefix?: string;

  /**
   * The regular expression of the first line of a log event, such as `^\\d{4}-`; the lines after it belong to the same event.
   *
   * @default - each line is an event
   */
  readonly multilinePattern?: string;
}

/** Options for log events that never hold up the container. */
export interface NonBlockingLogOptions extends BlockingLogOptions {
  /**
   * The memory for events that wait for CloudWatch Logs, in whole MiB, 1 or more; events are lost while it is full. It is memory of the
   * task on Fargate, and of the host on EC2.
   *
   * @default Size.mebibytes(25)
   */
  readonly maxBufferSize?: Size;
}

/**
 * The destination of what a container writes to its standard output and error.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 *
 * @example
 * const logging = ContainerLogging.nonBlocking({ multilinePattern: '^\\d{4}-\\d{2}-\\d{2}' });
 */
export class ContainerLogging {
  /**
   * The log group of the task, through a buffer: when CloudWatch Logs is slow or out of reach, the container runs on, and events are lost
   * once the buffer is full.
   *
   * @param options the size of the buffer, the names of the streams, and the start of multi-line events
   */
  public static nonBlocking(options: NonBlockingLogOptions = {}): ContainerLogging {
    return new ContainerLogging((scope, prop, container, logGroup) => {
      requireStreamPrefix(scope, prop, options.streamPrefix);
      const size = options.maxBufferSize ?? Size.mebibytes(25);
      requireResolved(scope, `${prop}.maxBufferSize`, size);
      const mebibytes = size.toMebibytes({ rounding: SizeRoundingBehavior.NONE });
      requireInteger(scope, 'LogBufferSize', `${prop}.maxBufferSize`, mebibytes, 1, 1_048_576);
      return awsLogs(container, logGroup, options, { mode: AwsLogDriverMode.NON_BLOCKING, maxBufferSize: size });
    });
  }

  /**
   * The log group of the task, without loss of log events: if CloudWatch Logs is slow or unreachable, each write blocks the container.
   *
   * @param options the names of the streams, and the start of multi-line events
   */
  public static blocking(options: BlockingLogOptions = {}): ContainerLogging {
    return new ContainerLogging((scope, prop, container, logGroup) => {
      requireStreamPrefix(scope, prop, options.streamPrefix);
      return awsLogs(container, logGroup, options, { mode: AwsLogDriverMode.BLOCKING });
    });
  }

  /**
   * A log driver of the CDK. Fargate has `awslogs`, `splunk` and `awsfirelens`; with `awsfirelens` the CDK adds the container of the log
   * router to the task.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
   *
   * @param driver the driver with its options
   */
  public static driver(driver: LogDriver): ContainerLogging {
    return new ContainerLogging(() => driver);
  }

  private constructor(
    private readonly create: (scope: IConstruct, prop: string, container: string, logGroup: ILogGroup) => LogDriver,
  ) {}

  /** @internal */
  public _driver(scope: IConstruct, prop: string, container: string, logGroup: ILogGroup): LogDriver {
    return this.create(scope, prop, container, logGroup);
  }
}

guard({ ContainerLogging });

function awsLogs(
  container: string,
  logGroup: ILogGroup,
  { streamPrefix = container, multilinePattern }: BlockingLogOptions,
  delivery: { mode: AwsLogDriverMode; maxBufferSize?: Size },
): LogDriver {
  return LogDrivers.awsLogs({ logGroup, streamPrefix, multilinePattern, ...delivery });
}

/** The stream is named `<prefix>/<container>/<task id>`, and the name of a stream has 512 characters, neither `:` nor `*`. */
function requireStreamPrefix(scope: IConstruct, prop: string, prefix?: string): void {
  if (prefix === undefined || /^[^:*]{1,200}$/.test(prefix)) return;
  throw validationError(scope, 'BadStreamPrefix', {
    prop: `${prop}.streamPrefix`,
    must: 'be 1 to 200 characters without ":" and "*"',
    got: prefix,
    fix: 'write it like "api"',
  });
}
