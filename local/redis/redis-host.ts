import * as path from 'node:path';
import { findEngine, RedisEngine } from './engine';
import { readRedis, RedisCredentials, RedisPlan } from './plan';
import { RedisServer } from './redis-server';
import { Resource } from '../assembly/stack-template';
import { Vpc } from '../containers/vpc';
import { Certificate, selfSigned } from '../elb/certificate';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessTable } from '../process/process-table';
import { Trust } from '../run/trust';
import { jsonOf, SecretValues } from '../secrets/secret-values';

export interface RedisHostOptions {
  readonly resolver: Resolver;
  readonly secrets: SecretValues;
  readonly addresses: Addresses;
  readonly addressOf: (resource: Resource) => string;
  readonly table: ProcessTable;
  readonly directory: string;
  readonly trust: Trust;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly say: (line: string) => void;
}

/** The Redis servers that a template has outside of ECS, and the engine that runs all Redis of the run. */
export class RedisHost {
  public readonly servers: RedisServer[] = [];
  private found?: RedisEngine;

  constructor(private readonly options: RedisHostOptions) {}

  public get engine(): RedisEngine {
    this.found ??= findEngine(this.options.cacheDirectory, this.options.say);
    return this.found;
  }

  public async start(ports: Ports): Promise<void> {
    const { resolver, trust } = this.options;
    const plans = readRedis(resolver).map((plan) => ({ plan, hostName: this.options.addressOf(plan.resource) }));
    const secured = plans.filter(({ plan }) => plan.tls).flatMap(({ hostName }) => Vpc.everywhere(this.addressIn(hostName)));
    const tls = secured.length > 0 ? await selfSigned(['localhost'], secured) : undefined;
    if (tls) trust.add(tls.cert);
    for (const { plan, hostName } of plans) {
      const server = await this.create(plan, hostName, plan.tls ? tls : undefined, ports);
      this.servers.push(server);
      await server.start();
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  private addressIn(hostName: string): string {
    return this.options.addresses.separate ? hostName : '127.0.0.1';
  }

  private async create(plan: RedisPlan, hostName: string, tls: Certificate | undefined, ports: Ports): Promise<RedisServer> {
    const { engine } = this;
    const address = this.addressIn(hostName);
    return new RedisServer({
      ...{ plan, engine, hostName, address, tls },
      port: await ports.near(address, plan.port),
      credentials: this.credentialsOf(plan),
      inner: tls && !engine.tls ? await ports.dynamic(address) : undefined,
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
