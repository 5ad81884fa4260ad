import * as path from 'node:path';
import { findPostgres, PostgresEngine } from './engine';
import { readPostgres } from './plan';
import { PostgresServer } from './postgres-server';
import { Resource } from '../assembly/stack-template';
import { Certificate, selfSigned } from '../elb/certificate';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessTable } from '../process/process-table';
import { SecretValues } from '../secrets/secret-values';

export interface PostgresHostOptions {
  readonly resolver: Resolver;
  readonly secrets: SecretValues;
  readonly addresses: Addresses;
  readonly addressOf: (resource: Resource) => string;
  readonly table: ProcessTable;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly say: (line: string) => void;
}

/** The PostgreSQL databases of a template. */
export class PostgresHost {
  public readonly servers: PostgresServer[] = [];

  constructor(private readonly options: PostgresHostOptions) {}

  public async start(ports: Ports): Promise<void> {
    const { resolver, secrets, addresses, addressOf, table, logDirectory, cacheDirectory, say } = this.options;
    let engine: PostgresEngine | undefined;
    let tls: Certificate | undefined;
    for (const plan of readPostgres(resolver, secrets)) {
      engine ??= findPostgres(cacheDirectory, say);
      const hostName = addressOf(plan.resource);
      const address = addresses.separate ? hostName : '127.0.0.1';
      if (engine.tls) tls ??= await selfSigned(['localhost'], [address]);
      const server = new PostgresServer({
        ...{ plan, engine, hostName, address, tls, table },
        port: await ports.near(address, plan.port),
        log: path.join(logDirectory, `postgres-${plan.resource.logicalId}.log`),
      });
      this.servers.push(server);
      await server.start();
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** Databases whose clients are told to speak plainly, because this engine has no TLS. */
  public get withoutTls(): PostgresServer[] {
    return this.servers.filter(({ options }) => !options.tls);
  }

  /** Fit a container's variables to the engine: where the database really is, its own authority, and no TLS where there is none. */
  public adjust(env: Record<string, string>): Record<string, string> {
    const adjusted = { ...env };
    for (const [name, value] of Object.entries(env)) {
      const server = this.servers.find(({ options }) => options.hostName === value);
      const prefix = name.replace(/HOST$/, '');
      if (!server || prefix === name) continue;
      // Drivers in C look names up themselves, where nothing can be put in between.
      adjusted[name] = server.options.address;
      if (adjusted[`${prefix}PORT`] !== undefined) adjusted[`${prefix}PORT`] = String(server.options.port);
      if (adjusted[`${prefix}SSLMODE`] === undefined) continue;
      if (server.options.tls) adjusted[`${prefix}CA`] = server.options.tls.cert;
      else adjusted[`${prefix}SSLMODE`] = 'disable';
    }
    return adjusted;
  }
}
