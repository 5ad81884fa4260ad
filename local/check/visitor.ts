import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { Answer, ask } from './http-client';
import { ServiceScheduler } from '../ecs/scheduler';
import { BoundListener, LoadBalancer } from '../elb/load-balancer';
import { LocalRun } from '../run/local-run';

/** Sees a run as its users do: from the internet through the front door, or from inside the VPC by private names. */
export class Visitor {
  constructor(public readonly run: LocalRun) {}

  public get external(): LoadBalancer {
    return this.balancer(true);
  }

  public get internal(): LoadBalancer {
    return this.balancer(false);
  }

  /** The service behind a load balancer: the one whose target group any of its rules forwards to. */
  public serviceBehind(balancer: LoadBalancer): ServiceScheduler {
    const arns = balancer.plan.listeners.flatMap(({ rules }) =>
      rules.flatMap(({ action }) => (action.kind === 'forward' ? action.targets.map(({ arn }) => arn) : [])),
    );
    const found = this.run.services.find(({ plan }) => plan.targets.some(({ targetGroupArn }) => arns.includes(targetGroupArn)));
    if (!found) throw new Error(`no service stands behind the ${balancer.plan.label}`);
    return found;
  }

  /** A name that people use for a load balancer: a record of the template, else its own DNS name. */
  public nameOf(balancer: LoadBalancer): string {
    return this.run.recordsOf.get(balancer.plan.dnsName)?.[0] ?? balancer.plan.dnsName;
  }

  public front(pathAndQuery: string, headers: Record<string, string> = {}): Promise<Answer> {
    const listeners = this.external.listeners;
    const listener = listeners.find(({ plan }) => plan.https) ?? listeners[0];
    return this.through(listener, this.nameOf(this.external), pathAndQuery, headers);
  }

  public through(
    listener: BoundListener,
    host: string,
    pathAndQuery: string,
    headers: Record<string, string | undefined> = {},
    body?: string,
  ): Promise<Answer> {
    const url = `${listener.plan.https ? 'https' : 'http'}://${host}${pathAndQuery}`;
    const method = body === undefined ? 'GET' : 'POST';
    return ask({ url, method, body, address: listener.address, port: listener.port, ca: this.run.certificate?.cert, headers });
  }

  /** Ask a private name in a process of its own, with nothing but the preload that every task has. */
  public async inside(url: string): Promise<string> {
    const preload = path.join(this.run.options.localDirectory, 'dns', 'names.cjs');
    const program = `fetch(process.argv[1]).then(async (r) => { console.log(r.status + ' ' + (await r.text())) }, (e) => { console.error(e.cause || e); process.exit(1) })`;
    const env = {
      PATH: process.env.PATH ?? '',
      MESH_NAMES: this.run.names.file,
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
    };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, ['-e', program, url], { env, timeout: 10_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message));
        else resolve(stdout.trim());
      });
    });
  }

  private balancer(external: boolean): LoadBalancer {
    const found = this.run.loadBalancers.find(({ plan }) => plan.external === external);
    if (!found) throw new Error(`the template has no ${external ? 'external' : 'internal'} load balancer`);
    return found;
  }
}

/** Fail a proof with a sentence. */
export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}

export async function until(what: string, timeoutMs: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await holds());) {
    expect(Date.now() < end, `${what}: not within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
