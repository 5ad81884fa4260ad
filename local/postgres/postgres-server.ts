import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { PostgresEngine } from './engine';
import { PostgresPlan } from './plan';
import { PostgresFront } from './postgres-front';
import { Certificate } from '../elb/certificate';
import { Child } from '../process/child';
import { ProcessTable } from '../process/process-table';
import { makeScratch } from '../process/scratch';

export interface PostgresServerOptions {
  readonly plan: PostgresPlan;
  readonly engine: PostgresEngine;
  /** What clients find in the template's place for the address. */
  readonly hostName: string;
  readonly address: string;
  readonly port: number;
  /** Where the engine itself listens, if it has no TLS: then it is put in front. */
  readonly inner?: number;
  readonly tls: Certificate;
  readonly log: string;
  readonly table: ProcessTable;
}

/** A PostgreSQL server in the place of an RDS instance. Its data go with the run. */
export class PostgresServer {
  private directory?: string;
  private child?: Child;
  private front?: PostgresFront;
  private password: string;

  constructor(public readonly options: PostgresServerOptions) {
    this.password = options.plan.password;
  }

  public get running(): boolean {
    return this.child !== undefined && !this.child.ended;
  }

  public get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  public async start(): Promise<void> {
    const data = this.directory ? path.join(this.directory, 'data') : this.initialise();
    const { engine, plan, address, port, inner, tls, log, table } = this.options;
    const settings = {
      listen_addresses: address,
      port: inner ?? port,
      unix_socket_directories: '',
      // As RDS gives it to a db.t4g.micro.
      max_connections: 80,
      ...(inner === undefined ? { ssl: 'on' } : {}),
    };
    const command = [
      path.join(engine.bin, 'postgres'),
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    this.child = new Child({ command, cwd: data, env: environment(), log, table, user: engine.user });
    await this.answers();
    if (inner === undefined || this.front) return;
    this.front = new PostgresFront(tls, { host: address, port: inner }, plan.forcesTls);
    await this.front.listen(port, address);
  }

  /** Taken down without warning, and kept down until start(). */
  public async kill(): Promise<void> {
    this.front?.close();
    this.front = undefined;
    this.child?.signal('SIGKILL');
    await this.child?.exited;
    // The data directory of a killed server says that it is still in use; so does the next start, unless its processes are gone.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  /** Ask the server itself, as the operator would with psql; returns the rows as text. Nothing else of this process goes on meanwhile. */
  public query(sql: string): string {
    const { engine, plan, address, port, inner = port } = this.options;
    const args = [
      '-h',
      address,
      '-p',
      String(inner),
      '-U',
      plan.user,
      '-d',
      plan.database,
      '-AtX',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      sql,
    ];
    const env = { ...environment(), PGPASSWORD: this.password };
    return execFileSync(path.join(engine.bin, 'psql'), args, { env, encoding: 'utf8', timeout: 10_000 }).trim();
  }

  /** Whether these are the credentials that it has now. */
  public isOf(user: unknown, password: unknown): boolean {
    return this.options.plan.user === user && this.password === password;
  }

  /** What a rotation does to the database. */
  public changePassword(password: string): void {
    this.query(`ALTER USER "${this.options.plan.user}" PASSWORD '${password}'`);
    this.password = password;
  }

  /** A fast shutdown: clients are sent away, nothing is lost. */
  public async stop(): Promise<void> {
    this.front?.close();
    await this.child?.stop(5000, 'SIGINT');
    if (this.directory) fs.rmSync(this.directory, { recursive: true, force: true });
  }

  /** A cluster of its own, with the user, the password and the database of the template. */
  private initialise(): string {
    const { engine, plan, inner, tls } = this.options;
    this.directory = makeScratch('postgres');
    const own = (file: string) => engine.user && fs.chownSync(file, engine.user.uid, engine.user.gid);
    own(this.directory);
    const passwordFile = path.join(this.directory, 'password');
    fs.writeFileSync(passwordFile, plan.password, { mode: 0o600 });
    own(passwordFile);
    const data = path.join(this.directory, 'data');
    const options = ['--encoding=UTF8', '--no-locale', '--no-sync', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    this.call('initdb', ['-D', data, '-U', plan.user, ...options]);
    fs.rmSync(passwordFile);
    for (const [name, text] of [['server.key', tls.key] as const, ['server.crt', tls.cert] as const]) {
      fs.writeFileSync(path.join(data, name), text, { mode: 0o600 });
      own(path.join(data, name));
    }
    if (plan.forcesTls && inner === undefined) {
      const access = path.join(data, 'pg_hba.conf');
      fs.writeFileSync(access, `hostnossl all all all reject\n${fs.readFileSync(access, 'utf8')}`);
    }
    if (plan.database !== 'postgres') {
      this.call('postgres', ['--single', '-D', data, 'postgres'], `CREATE DATABASE "${plan.database}"\n`);
    }
    return data;
  }

  private call(program: string, args: string[], input?: string): void {
    const { engine, log } = this.options;
    try {
      const output = execFileSync(path.join(engine.bin, program), args, {
        ...{ cwd: this.directory, env: environment(), input, timeout: 60_000, encoding: 'utf8' as const },
        stdio: ['pipe', 'pipe', 'pipe'],
        ...engine.user,
      });
      fs.appendFileSync(log, output);
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      throw new Error(`${program} of ${engine.description}: ${(stderr || message).trim().split('\n').at(-1)}`);
    }
  }

  private async answers(): Promise<void> {
    const { address, port, inner = port, plan, log } = this.options;
    for (const until = Date.now() + 20_000; ;) {
      if (await accepts(address, inner)) return;
      if (!this.running || Date.now() > until) throw new Error(`${plan.resource.key}: PostgreSQL does not start; see ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function environment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const end = (well: boolean) => {
      socket.destroy();
      resolve(well);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
