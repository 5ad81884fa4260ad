import { HttpService } from './http-service';
import { Log } from './log';

export interface DrainProps {
  /** How long load balancers get to notice that readiness is gone, before the listener closes. */
  readonly waitMs: number;
  /** When to give up on answers still in flight; below the 30 s after which ECS kills the task. */
  readonly deadlineMs: number;
  /** Closes what the service holds (Redis, connection pools). */
  readonly release: () => Promise<void>;
}

/**
 * Leaves without losing requests: readiness turns 503 and every answer says `Connection: close`, so that busy keep-alive clients
 * go elsewhere; only then does the listener close. (Closing at once would keep serving those clients until the kill.)
 */
export async function drain(service: HttpService, props: DrainProps): Promise<'drained' | 'deadline'> {
  service.startDraining();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'deadline'>((resolve) => {
    timer = setTimeout(() => resolve('deadline'), props.deadlineMs);
  });
  const leave = async (): Promise<'drained'> => {
    await new Promise((resolve) => setTimeout(resolve, props.waitMs));
    await service.close();
    await props.release();
    return 'drained';
  };
  const outcome = await Promise.race([leave(), deadline]);
  clearTimeout(timer);
  return outcome;
}

/** Starts a service and ties it to its process: one log line at the start, one at the stop, exit code 0 after SIGTERM. */
export async function runService(
  service: HttpService,
  log: Log,
  listen: { port: number; host: string },
  props: DrainProps,
): Promise<void> {
  const { port } = await service.listen(listen.port, listen.host);
  log.info('listening', { host: listen.host, port });
  const stop = (signal: string): void => {
    if (service.isDraining) return;
    log.info('draining', { signal });
    void drain(service, props).then((outcome) => {
      log.info('stopped', { outcome });
      process.exit(0);
    });
  };
  // As PID 1 of a container, a process without these handlers ignores the signals and is killed after 30 s.
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}
