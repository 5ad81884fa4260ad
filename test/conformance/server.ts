import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { Certificates } from './certificates';
import { findEngine } from '../../local/redis/engine';
import { redisContainer } from '../../local/redis/redis-container';
import { redisCall } from '../../local/redis/resp';

const HOST = '127.0.0.1';
const FORMING_MS = 20_000;

/** Found as the local run finds it: on PATH, else fetched. No engine, no conformance: that is a failure and no reason to skip. */
export const ENGINE = findEngine(join(__dirname, '..', '..', '.cache'), () => undefined);

/** A real Redis or Valkey on loopback. */
export class Server {
  /** A server by its configuration, over TLS where there are certificates. */
  public static async configured(directory: string, directives: string[], certificates?: Certificates): Promise<Server> {
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    // An engine that was built without TLS gets it in front, as a serverless cache does from its proxies.
    const own = certificates && ENGINE.tls;
    const inner = certificates && !own ? await freePort() : port;
    const file = join(directory, 'redis.conf');
    const place = [`bind ${HOST}`, `dir ${directory}`, 'daemonize no'];
    const entrance = own ? encryption(port, certificates) : [`port ${inner}`];
    const name = directives.includes('cluster-enabled yes') ? announcement(port, own === true) : [];
    // Where the server is, is this machine's own business.
    const behaviour = directives.filter((line) => !/^(bind|dir|port) /.test(line));
    writeFileSync(file, [...behaviour, ...place, ...entrance, ...name, ''].join('\n'), { mode: 0o600 });
    const server = new Server(directory, port, [ENGINE.binary, file], {}, inner);
    if (certificates && !own) server.front = await encrypt(port, inner, certificates);
    return server.started();
  }

  /** A server as a container starts it: the command of its task definition, and its secrets as variables. */
  public static async container(directory: string, command: string[], secrets: Record<string, string>): Promise<Server> {
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    const { command: words, searchPath } = redisContainer(ENGINE, command, directory);
    const env = { PATH: `${searchPath}:${process.env.PATH}`, HOST, PORT: String(port), ...secrets };
    return new Server(directory, port, words, env, port).started();
  }

  private readonly log: string;
  private child?: ChildProcess;
  private front?: TcpServer;

  private constructor(
    private readonly directory: string,
    /** Where clients connect. */
    public readonly port: number,
    private readonly command: string[],
    private readonly env: Record<string, string>,
    private readonly listensOn: number,
  ) {
    this.log = join(directory, 'server.log');
  }

  public get pid(): number {
    return this.child!.pid!;
  }

  /** Variables of the container. */
  public get variables(): Record<string, string> {
    return this.env;
  }

  public async start(): Promise<void> {
    const log = openSync(this.log, 'a');
    const env = { PATH: process.env.PATH ?? '', ...this.env };
    this.child = spawn(this.command[0], this.command.slice(1), { cwd: this.directory, env, stdio: ['ignore', log, log] });
    closeSync(log);
    for (const until = Date.now() + 10_000; !(await accepts(this.listensOn));) {
      if (this.child.exitCode !== null || Date.now() > until) throw new Error(`no server: ${readFileSync(this.log, 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** One that does not start leaves nothing that would keep the tests from their end. */
  private async started(): Promise<this> {
    try {
      await this.start();
    } catch (error) {
      await this.close();
      throw error;
    }
    return this;
  }

  /** Makes the server, which has cluster mode and TLS, a cluster of one node with every slot. */
  public async formCluster(password: string, certificates: Certificates): Promise<void> {
    const ca = readFileSync(certificates.ca, 'utf8');
    const server = { address: HOST, port: this.port, credentials: { password }, ca };
    const call = (...words: string[]) => redisCall(server, words, FORMING_MS);
    await call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16384 }, (_, slot) => String(slot)));
    for (const until = Date.now() + FORMING_MS; !String(await call('CLUSTER', 'INFO')).includes('cluster_state:ok');) {
      if (Date.now() > until) throw new Error('the cluster does not form');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process: SIGTERM is what ECS sends, SIGKILL is a crash. */
  public async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** Ends the process for good. */
  public async close(): Promise<void> {
    this.front?.close();
    await this.end('SIGKILL');
  }
}

function encryption(port: number, { ca, key, cert }: Certificates): string[] {
  const files = [`tls-ca-cert-file ${ca}`, `tls-cert-file ${cert}`, `tls-key-file ${key}`];
  return ['port 0', `tls-port ${port}`, ...files, 'tls-auth-clients no'];
}

/** Where the nodes of a cluster tell clients to go. */
function announcement(port: number, overTls: boolean): string[] {
  return [`cluster-announce-ip ${HOST}`, overTls ? 'tls-cluster yes' : `cluster-announce-port ${port}`];
}

/** How far the bus of a cluster is above the port of its node. */
const BUS = 10_000;

/** A free port whose bus is free too; both are below those that are given out for outgoing connections, from 32768. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && (await isFree(port + BUS))) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, HOST, () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

async function encrypt(port: number, inner: number, { key, cert }: Certificates): Promise<TcpServer> {
  const front = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
    const server = connect(inner, HOST);
    const end = () => [socket, server].forEach((side) => side.destroy());
    [socket, server].forEach((side) => side.on('error', end).on('close', end));
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((resolve) => front.listen(port, HOST, resolve));
  return front;
}
