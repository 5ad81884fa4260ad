import { LocalRun } from '../run/local-run';

export interface Row {
  readonly component: string;
  readonly address: string;
  readonly state: string;
}

/** One row for each thing that runs, in the order that a request meets them. */
export function rowsOf(run: LocalRun): Row[] {
  return [
    ...[...balancerRows(run), ...taskRows(run), ...jobRows(run), ...aliasRows(run)],
    ...[...redisRows(run), ...postgresRows(run), ...awsRows(run), ...nameRows(run)],
  ];
}

export function renderTable(rows: readonly Row[]): string {
  const head: Row = { component: 'COMPONENT', address: 'ADDRESS', state: 'STATE' };
  const width = (key: keyof Row) => Math.max(...[head, ...rows].map((row) => row[key].length));
  const [first, second] = [width('component'), width('address')];
  return [head, ...rows]
    .map(({ component, address, state }) => `${component.padEnd(first)}  ${address.padEnd(second)}  ${state}`)
    .join('\n');
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
  return run.services.flatMap(({ tasks, plan }) =>
    tasks.map((task) => {
      const states = [...run.groups.values()]
        .flatMap(({ targets }) => targets.filter(({ id }) => id === task.id))
        .map(({ state }) => state);
      const words = [
        `${task.state.toLowerCase()}, ${task.containers.map(({ runtime }) => runtime.id).join(', ')}`,
        ...(task.health === 'UNKNOWN' ? [] : [`container ${task.health.toLowerCase()}`]),
      ];
      const kind = plan.fargate ? 'Fargate' : `EC2 ${task.placement.host ?? 'host'}`;
      return {
        component: `task ${task.label} (${kind}, ${plan.task.networkMode})`,
        address: task.ports.map(({ address, port }) => `${address}:${port}`).join(' ') || task.placement.address,
        state: [...words, ...states.map((state) => `target ${state}`)].join(', '),
      };
    }),
  );
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
  }));
}

function postgresRows(run: LocalRun): Row[] {
  return run.postgres.servers.map(({ options: { plan, address, port, engine, tls }, running, pid }) => ({
    component: `PostgreSQL ${plan.database} (${plan.resource.logicalId})`,
    address: `${address}:${port}`,
    state: `${running ? `running, pid ${pid}` : 'down'}, ${engine.description}, password${tls ? ', TLS' : ''}`,
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
