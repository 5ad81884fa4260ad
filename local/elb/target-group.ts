import { EventEmitter } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { TargetGroupPlan } from './plan';
import { TimeScale } from '../run/time-scale';

export type TargetState = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** How a target is known in its own network. */
export interface KnownAs {
  readonly host?: string;
  /** Where ports of the template are here. */
  readonly ports?: ReadonlyMap<number, number>;
}

export class Target {
  public state: TargetState = 'initial';
  public inFlight = 0;
  public streak = 0;
  /** When the last check that counts was. */
  public countedAt = Date.now();
  public timer?: NodeJS.Timeout;
  /** Whether it speaks TLS. */
  public https = false;

  constructor(
    public readonly id: string,
    public readonly address: string,
    public readonly port: number,
    private readonly known: KnownAs = {},
  ) {}

  /** Its address as health checks name it. */
  public get host(): string {
    return this.known.host ?? this.address;
  }

  /** Where it is asked how it is: on a port of the template, or where its requests go. */
  public checkPort(wanted: number | undefined): number {
    return wanted === undefined ? this.port : (this.known.ports?.get(wanted) ?? wanted);
  }
}

/** A pool of targets with the health checks of the template. Emits `change` when a target's state changes. */
export class TargetGroup extends EventEmitter {
  public readonly targets: Target[] = [];
  /** The address that health checks come from: the load balancer's. */
  public checkedFrom?: string;
  private turn = 0;

  constructor(
    public plan: TargetGroupPlan,
    private readonly time = TimeScale.REAL,
  ) {
    super();
    this.setMaxListeners(0);
  }

  /** Whether a healthy target is there; where none is, all get requests. */
  public get isHealthy(): boolean {
    return this.targets.some(({ state }) => state === 'healthy');
  }

  /** Round robin over healthy targets; over all registered ones when none is healthy, as ALB fails open. */
  public pick(): Target | undefined {
    const registered = this.targets.filter(({ state }) => state !== 'draining');
    const healthy = registered.filter(({ state }) => state === 'healthy');
    const pool = healthy.length > 0 ? healthy : registered;
    return pool.length === 0 ? undefined : pool[this.turn++ % pool.length];
  }

  /** The states of a task's targets, as far as it has some here. */
  public stateOf(id: string): TargetState[] {
    return this.targets.filter((target) => target.id === id).map(({ state }) => state);
  }

  public register(target: Target): void {
    target.https = this.plan.https ?? false;
    this.targets.push(target);
    void this.check(target);
  }

  /** Stop sending new requests, then wait for those under way, no longer than the deregistration delay. */
  public async deregister(id: string): Promise<void> {
    const leaving = this.targets.filter((target) => target.id === id && target.state !== 'draining');
    for (const target of leaving) {
      clearTimeout(target.timer);
      this.become(target, 'draining');
    }
    const until = Date.now() + this.time.here(this.plan.deregistrationDelayMs);
    while (leaving.some(({ inFlight }) => inFlight > 0) && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const target of leaving) this.targets.splice(this.targets.indexOf(target), 1);
    if (leaving.length > 0) this.emit('change');
  }

  public close(): void {
    for (const target of this.targets) clearTimeout(target.timer);
    this.targets.length = 0;
  }

  private async check(target: Target): Promise<void> {
    const passed = await (this.plan.check.tcp ? accepts(target, this) : probe(target, this));
    if (target.state === 'draining' || !this.targets.includes(target)) return;
    this.judge(target, passed);
    // The first check is the one everybody waits for: repeat it soon while the process is still starting.
    const intervalMs = this.time.here(this.plan.check.intervalMs);
    const delayMs = target.state === 'initial' ? Math.min(250, intervalMs) : intervalMs;
    target.timer = setTimeout(() => void this.check(target), delayMs);
    target.timer.unref();
  }

  private judge(target: Target, passed: boolean): void {
    const { healthyThreshold, unhealthyThreshold } = this.plan.check;
    // A new target is healthy after one success; its failures count once an interval, however often it is looked at.
    if (target.state === 'initial') {
      if (passed) return this.become(target, 'healthy');
      if (Date.now() - target.countedAt < this.time.here(this.plan.check.intervalMs) - 50) return;
      target.countedAt = Date.now();
      if (++target.streak >= unhealthyThreshold) this.become(target, 'unhealthy');
      return;
    }
    const contrary = passed === (target.state === 'unhealthy');
    target.streak = contrary ? target.streak + 1 : 0;
    if (target.streak >= (passed ? healthyThreshold : unhealthyThreshold)) this.become(target, passed ? 'healthy' : 'unhealthy');
  }

  private become(target: Target, state: TargetState): void {
    target.state = state;
    target.streak = 0;
    this.emit('change');
  }
}

function probe(target: Target, { plan, checkedFrom }: TargetGroup): Promise<boolean> {
  return new Promise((resolve) => {
    const { path, port, timeoutMs, matcher } = plan.check;
    const get = plan.check.https ? https.get : http.get;
    const request = get(
      {
        host: target.address,
        port: target.checkPort(port),
        rejectUnauthorized: false,
        path,
        localAddress: checkedFrom,
        agent: false,
        headers: { host: target.host, 'user-agent': 'ELB-HealthChecker/2.0' },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(matches(matcher, response.statusCode ?? 0)));
        response.once('error', () => resolve(false));
      },
    );
    // A deadline for the whole answer, not only for silence.
    const deadline = setTimeout(() => request.destroy(new Error('timeout')), timeoutMs);
    request.once('close', () => {
      clearTimeout(deadline);
      resolve(false);
    });
    request.once('error', () => resolve(false));
  });
}

function accepts(target: Target, { plan: { check }, checkedFrom }: TargetGroup): Promise<boolean> {
  return new Promise((resolve) => {
    const { port, timeoutMs } = check;
    const socket = net.connect({
      host: target.address,
      port: target.checkPort(port),
      timeout: timeoutMs,
      localAddress: checkedFrom,
    });
    const end = (passed: boolean) => {
      socket.destroy();
      resolve(passed);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** ALB matchers: `200`, `200,204`, `200-299`. */
export function matches(matcher: string, status: number): boolean {
  return matcher.split(',').some((part) => {
    const [low, high = low] = part.trim().split('-').map(Number);
    return status >= low && status <= high;
  });
}
