import { Row } from './table';
import { Task } from '../ecs/task';
import { LocalRun } from '../run/local-run';

/** A service with more tasks has one row for all tasks in the same state. */
const TASKS_WITH_A_ROW = 6;

/** One row for each thing that runs, in the order that a request meets them. */
export function rowsOf(run: LocalRun): Row[] {
  return [
    ...[...balancerRows(run), ...taskRows(run), ...jobRows(run), ...aliasRows(run)],
    ...[...redisRows(run), ...postgresRows(run), ...awsRows(run), ...nameRows(run)],
  ];
}

/** The address to open: the external load balancer's HTTPS listener if it has one. */
export function entryUrl(run: LocalRun): string | undefined {
  const balancer = run.loadBalancers.find(({ plan }) => plan.external) ?? run.loadBalancers[0];
  const listeners = balancer?.listeners ?? [];
  const listener = listeners.find(({ plan }) => plan.https) ?? listeners[0];
  if (!listener) return undefined;
  const scheme = listener.plan.https ? 'https' : 'http';
  const standard = listener.port === (listener.plan.https ? 443 : 80);
  return `${scheme}://${listener.address}${standard ? '' : `:${listener.port}`}/`;
}

function balancerRows(run: LocalRun): Row[] {
  return [...run.loadBalancers, ...run.networkLoadBalancers].flatMap(({ plan, listeners }) =>
    listeners.map((listener) => ({
      component: `${plan.label} ${plan.type === 'network' ? 'TCP' : listener.plan.https ? 'HTTPS' : 'HTTP'} :${listener.plan.port}`,
      address: `${listener.address}:${listener.port}`,
      state:
        listener.port === listener.plan.port
          ? describeRules(listener.plan.rules.length)
          : `${describeRules(listener.plan.rules.length)}; port ${listener.plan.port} cannot be bound here`,
    })),
  );
}

function describeRules(count: number): string {
  return count === 1 ? 'default action only' : `${count - 1} rule${count === 2 ? '' : 's'} and a default action`;
}

function taskRows(run: LocalRun): Row[] {
  return run.services.flatMap(({ tasks, plan }) => {
    if (tasks.length > TASKS_WITH_A_ROW) return crowdRows(run, tasks);
    return tasks.map((task) => {
      const kind = plan.fargate ? 'Fargate' : `EC2 ${task.placement.host ?? 'host'}`;
      const ids = task.containers.map(({ runtime }) => runtime.id).join(', ');
      return {
        component: `task ${task.label} (${kind}, ${plan.task.networkMode})`,
        address: task.ports.map(({ address, port }) => `${address}:${port}`).join(' ') || task.placement.address,
        state: [stateOf(run, task), ids].filter(Boolean).join(', '),
        lives: true,
      };
    });
  });
}

/** Thirty tasks in thirty rows hide the one that is different. */
function crowdRows(run: LocalRun, tasks: readonly Task[]): Row[] {
  const { label, fargate, task } = tasks[0].service;
  const states = new Map<string, number>();
  for (const each of tasks) states.set(stateOf(run, each), (states.get(stateOf(run, each)) ?? 0) + 1);
  return [...states].map(([state, count]) => ({
    component: `${count} of ${tasks.length} tasks of ${label} (${fargate ? 'Fargate' : 'EC2'}, ${task.networkMode})`,
    address: '',
    state,
    lives: true,
  }));
}

/** The state of a task in words, without what only this task has. */
function stateOf(run: LocalRun, task: Task): string {
  const targets = [...run.groups.values()].flatMap(({ targets: list }) => list.filter(({ id }) => id === task.id));
  const words = [
    ...(task.health === 'UNKNOWN' ? [] : [`container ${task.health.toLowerCase()}`]),
    ...targets.map(({ state }) => `target ${state}`),
  ];
  return [task.state.toLowerCase(), ...words].join(', ');
}

function aliasRows(run: LocalRun): Row[] {
  return run.aliases.map(({ name, port }) => ({
    component: `Service Connect ${name}:${port}`,
    address: run.names
      .get(name)
      .map((target) => `${target.address}:${target.ports?.[port] ?? port}`)
      .join(' '),
    state: 'in turn to its tasks',
  }));
}

function redisRows(run: LocalRun): Row[] {
  return run.redisServers.map(({ options, running }) => ({
    component: `${options.plan.label} (${options.plan.resource.logicalId})`,
    address: `${options.address}:${options.port}`,
    state: `${running ? 'running' : 'down'}, ${options.engine.description}${options.credentials ? ', password' : ''}${options.tls ? ', TLS' : ''}`,
    lives: true,
  }));
}

function postgresRows(run: LocalRun): Row[] {
  return run.postgres.servers.map(({ options: { plan, address, port, engine, tls }, running, pid }) => ({
    component: `PostgreSQL ${plan.database} (${plan.resource.logicalId})`,
    address: `${address}:${port}`,
    state: `${running ? `running, pid ${pid}` : 'down'}, ${engine.description}, password${tls ? ', TLS' : ''}`,
    lives: true,
  }));
}

function awsRows({ aws }: LocalRun): Row[] {
  if (!aws.running) return [];
  const { buckets, queues, parameters } = aws.plan;
  const row = (component: string): Row => ({
    component,
    address: new URL(aws.endpoint).host,
    state: `running, pid ${aws.pid}, ${aws.engine?.description}`,
  });
  return [
    ...buckets.map(({ name }) => row(`bucket ${name}`)),
    ...queues.map(({ name }) => row(`queue ${name}`)),
    ...(parameters.length > 0 ? [row(`Parameter Store, ${parameters.length} parameters`)] : []),
  ];
}

function jobRows({ jobs }: LocalRun): Row[] {
  return (jobs?.plans ?? []).map((plan) => {
    const ran = jobs?.runs.find((run) => run.plan === plan);
    const state = ran ? `ended with ${ran.exitCode} after ${ran.endedAt - ran.startedAt} ms` : 'not started here';
    const when = plan.start.kind === 'schedule' ? plan.start.expression : 'in deployments';
    return { component: `job ${plan.label} (${when})`, address: '', state };
  });
}

function nameRows(run: LocalRun): Row[] {
  const aliases = new Set(run.aliases.map(({ name }) => name));
  return run.names
    .entries()
    .filter(
      ([name, targets]) =>
        targets.length > 0 && !aliases.has(name) && !name.endsWith('.elb.local') && !name.endsWith('.machine.local'),
    )
    .map(([name, targets]) => ({
      component: `name ${name}`,
      address: targets.map(({ address }) => address).join(' '),
      state: 'resolves inside',
    }));
}
