import { Duration } from 'aws-cdk-lib';
import { HealthCheck } from 'aws-cdk-lib/aws-ecs';
import { ContainerRedisSettings } from './container-redis-settings';
import { renderRedisConfig } from './redis-config';

/**
 * Renders a command that starts the server with its configuration on standard input: the shell writes the password from its environment to
 * a pipe, so that it is never in the template, a file, or a process list.
 *
 * The argument is `--include /dev/stdin` and not `-`: images with modules have start scripts that add arguments of their own, and
 * `redis-server` accepts `-` in certain positions only. `exec` makes the server the process that receives SIGTERM from ECS, so that it
 * saves its data.
 */
export function renderRedisCommand(settings: ContainerRedisSettings): string[] {
  const script = [
    ...firstOf('server', ['valkey-server', 'redis-stack-server', 'redis-server']),
    // The start script of an image knows its modules. redis-stack-server has none, but is itself a script that passes no signal on.
    ...firstOf('start', ['bundle-docker-entrypoint.sh', 'docker-entrypoint.sh', 'dumb-init'], 'start='),
    'exec $start "$server" --include /dev/stdin <<CONF',
    ...renderRedisConfig(settings),
    ...(settings.open ? [] : ['requirepass $REDIS_PASSWORD']),
    'CONF',
  ];
  return ['sh', '-c', script.join('\n')];
}

/** Renders the health check. A server that is still loading its file is healthy: stopping it would only restart the load. */
export function redisHealthCheck({ open }: ContainerRedisSettings): HealthCheck {
  // Valkey and Redis read the password from different variables. `-a` would put it into the process list.
  const password = open ? '' : 'REDISCLI_AUTH="$REDIS_PASSWORD" VALKEYCLI_AUTH="$REDIS_PASSWORD" ';
  const script = [
    ...firstOf('cli', ['valkey-cli', 'redis-cli']),
    `case "$(${password}"$cli" ping)" in PONG|LOADING*) ;; *) exit 1 ;; esac`,
  ];
  return {
    command: ['CMD-SHELL', script.join('\n')],
    interval: Duration.seconds(10),
    timeout: Duration.seconds(5),
    retries: 3,
    startPeriod: Duration.seconds(30),
  };
}

/** Returns shell lines that set `variable` to the first program that exists. */
function firstOf(variable: string, programs: string[], otherwise?: string): string[] {
  return [
    `for ${variable} in ${programs.join(' ')}; do`,
    `  command -v "$${variable}" >/dev/null && break`,
    ...(otherwise ? [`  ${otherwise}`] : []),
    'done',
  ];
}
