import * as os from 'node:os';
import { isAlive } from '../process/alive';

/** Everything that a run makes in an engine has these labels: by them it is found, and removed. */
export const RUN_LABEL = 'cdk-ecs-mesh.run';
/** The machine and the process that made it. */
export const RUNNER_LABEL = 'cdk-ecs-mesh.runner';
/** The containers that hold a network go after those that use it. */
export const ROLE_LABEL = 'cdk-ecs-mesh.role';

export type Labels = Readonly<Record<string, string>>;

export function labelsOf(run: string): Labels {
  return { [RUN_LABEL]: run, [RUNNER_LABEL]: `${os.hostname()}/${process.pid}` };
}

/** A run whose runner lives is none of ours; one of another machine may live. */
export function isLeftOver(labels: Labels, alive: (pid: number) => boolean = isAlive): boolean {
  const [host, pid] = (labels[RUNNER_LABEL] ?? '').split('/');
  return host === os.hostname() && !alive(Number(pid));
}
