import * as fs from 'node:fs';
import * as path from 'node:path';
import { RedisEngine } from './engine';
import { RedisCredentials, RedisPlan } from './plan';
import { redisCall } from './resp';
import { Certificate } from '../elb/certificate';
import { TlsFront } from '../net/tls-front';
import { Child } from '../process/child';
import { ProcessTable } from '../process/process-table';

export interface RedisServerOptions {
  readonly plan: RedisPlan;
  readonly engine: RedisEngine;
  /** What clients find in the template's place for the address. */
  readonly hostName: string;
  readonly address: string;
  readonly port: number;
  readonly credentials?: RedisCredentials;
  /** Present where the template asks for TLS. */
  readonly tls?: Certificate;
  /** Where the engine itself listens, if it has no TLS: then it is put in front. */
  readonly inner?: number;
  readonly directory: string;
  readonly log: string;
  readonly table: ProcessTable;
}

/** A Redis server outside of ECS. It comes back when it dies, as the container on the instance does, unless it was taken down. */
export class RedisServer {
  private child?: Child;
  private front?: TlsFront;
  private held = false;

  constructor(public readonly options: RedisServerOptions) {}

  public get running(): boolean {
    return this.child !== undefined && !this.child.ended;
  }

  public get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  public async start(): Promise<void> {
    this.held = false;
    const { engine, directory, log, table } = this.options;
    fs.mkdirSync(directory, { recursive: true });
    const file = path.join(directory, 'redis.conf');
    fs.writeFileSync(file, this.configuration(), { mode: 0o600 });
    const command = engine.image
      ? [engine.binary, 'run', '--rm', '--network', 'host', '-v', `${directory}:${directory}`, engine.image, 'valkey-server', file]
      : [engine.binary, file];
    const child = new Child({ command, cwd: directory, env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8' }, log, table });
    this.child = child;
    void child.exited.then(() => {
      if (!this.held) setTimeout(() => void (this.held || this.start().catch(() => undefined)), 1000).unref();
    });
    await this.answers();
    const { address, port, inner, tls } = this.options;
    if (!tls || inner === undefined || this.front) return;
    this.front = new TlsFront(tls, { host: address, port: inner });
    await this.front.listen(port, address);
  }

  /** Taken down without warning, and kept down until start(). */
  public async kill(): Promise<void> {
    this.held = true;
    // Whoever connects is refused, as by a server that is gone.
    this.front?.close();
    this.front = undefined;
    this.child?.signal(this.options.engine.image ? 'SIGTERM' : 'SIGKILL');
    await this.child?.exited;
  }

  public async stop(): Promise<void> {
    this.held = true;
    this.front?.close();
    await this.child?.stop(3000);
  }

  /** Ask the server itself, as the operator would with redis-cli. */
  public call(...command: string[]): Promise<unknown> {
    const { address, port, inner, credentials, tls } = this.options;
    const place = inner === undefined ? { port, ca: tls?.cert } : { port: inner };
    return redisCall({ address, credentials, ...place }, command);
  }

  private async answers(): Promise<void> {
    for (const until = Date.now() + 10_000; ;) {
      try {
        await this.call('PING');
        return;
      } catch (error) {
        if (Date.now() > until || this.child?.ended) {
          throw new Error(`${this.options.plan.label} does not start: ${(error as Error).message}; see ${this.options.log}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  private configuration(): string {
    const { plan, address, port, inner, credentials, tls, directory } = this.options;
    const lines = [`bind ${address}`, `dir ${directory}`, 'daemonize no', 'protected-mode no'];
    lines.push(...plan.directives.map(([name, value]) => `${name} ${value}`));
    if (tls && inner === undefined) {
      const [key, cert] = [path.join(directory, 'tls.key'), path.join(directory, 'tls.crt')];
      fs.writeFileSync(key, tls.key, { mode: 0o600 });
      fs.writeFileSync(cert, tls.cert);
      lines.push('port 0', `tls-port ${port}`, `tls-cert-file ${cert}`, `tls-key-file ${key}`, 'tls-auth-clients no');
    } else {
      lines.push(`port ${inner ?? port}`);
    }
    if (credentials?.username !== undefined && credentials.username !== 'default') {
      lines.push('user default off', `user ${credentials.username} on ${quote(`>${credentials.password}`)} ~* &* +@all`);
    } else if (credentials) {
      lines.push(`requirepass ${quote(credentials.password)}`);
    }
    return `${lines.join('\n')}\n`;
  }
}

function quote(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}
