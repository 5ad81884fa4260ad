import * as path from 'node:path';
import { findEngine, RedisEngine } from './engine';
import { readRedis, RedisCredentials, RedisPlan } from './plan';
import { RedisServer } from './redis-server';
import { Resource } from '../assembly/stack-template';
import { Certificate, selfSigned } from '../elb/certificate';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessTable } from '../process/process-table';
import { jsonOf, SecretValues } from '../secrets/secret-values';

export interface RedisHostOptions {
  readonly resolver: Resolver;
  readonly secrets: SecretValues;
  readonly addresses: Addresses;
  readonly addressOf: (resource: Resource) => string;
  readonly table: ProcessTable;
  readonly directory: string;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly say: (line: string) => void;
}

/** The Redis servers that a template has outside of ECS, and the engine that runs all Redis of the run. */
export class RedisHost {
  public readonly servers: RedisServer[] = [];
  private found?: RedisEngine;
  private certificate?: Certificate;

  constructor(private readonly options: RedisHostOptions) {}

  public get engine(): RedisEngine {
    this.found ??= findEngine(this.options.cacheDirectory, this.options.say);
    return this.found;
  }

  public async start(ports: Ports): Promise<void> {
    for (const plan of readRedis(this.options.resolver)) {
      const server = await this.create(plan, ports);
      this.servers.push(server);
      await server.start();
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** Stores whose template asks for TLS that this engine does not have. */
  public get withoutTls(): RedisServer[] {
    return this.servers.filter(({ options }) => options.plan.tls && !options.tls);
  }

  /** Fit a container's variables to the engine: no TLS where there is none, trust in our certificate where there is. */
  public adjust(env: Record<string, string>): Record<string, string> {
    const adjusted = { ...env };
    const plainHosts = this.withoutTls.map(({ options }) => options.hostName);
    for (const [name, value] of Object.entries(env)) {
      const prefix = name.replace(/HOST$/, '');
      if (prefix === name || !plainHosts.includes(value)) continue;
      if (adjusted[`${prefix}TLS`] !== undefined) adjusted[`${prefix}TLS`] = 'false';
      if (adjusted[`${prefix}URL`] !== undefined) adjusted[`${prefix}URL`] = adjusted[`${prefix}URL`].replace(/^rediss:/, 'redis:');
    }
    const secured = this.servers.find(({ options }) => options.tls);
    if (secured) adjusted.NODE_EXTRA_CA_CERTS = path.join(secured.options.directory, 'tls.crt');
    return adjusted;
  }

  private async create(plan: RedisPlan, ports: Ports): Promise<RedisServer> {
    const hostName = this.options.addressOf(plan.resource);
    const address = this.options.addresses.separate ? hostName : '127.0.0.1';
    if (plan.tls && this.engine.tls) this.certificate ??= await selfSigned(['localhost'], [address]);
    return new RedisServer({
      plan,
      engine: this.engine,
      hostName,
      address,
      port: await ports.near(address, plan.port),
      credentials: this.credentialsOf(plan),
      tls: plan.tls && this.engine.tls ? this.certificate : undefined,
      directory: path.join(this.options.directory, `redis-${plan.resource.logicalId}`),
      log: path.join(this.options.logDirectory, `redis-${plan.resource.logicalId}.log`),
      table: this.options.table,
    });
  }

  private credentialsOf(plan: RedisPlan): RedisCredentials | undefined {
    if (plan.authToken !== undefined) return { password: plan.authToken };
    if (plan.secretArn === undefined) return undefined;
    const secret = this.options.secrets.find(plan.secretArn);
    if (!secret) {
      throw new Error(
        `${plan.resource.key}: the template has no secret ${plan.secretArn}, which its Redis takes its password from`,
      );
    }
    const json = jsonOf(secret);
    if (json?.password === undefined) return { password: secret.value };
    return { username: json.username === undefined ? undefined : String(json.username), password: String(json.password) };
  }
}
