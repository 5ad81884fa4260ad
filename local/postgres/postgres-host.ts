import * as path from 'node:path';
import { findPostgres } from './engine';
import { readPostgres } from './plan';
import { PostgresServer } from './postgres-server';
import { Resource } from '../assembly/stack-template';
import { Vpc } from '../containers/vpc';
import { selfSigned } from '../elb/certificate';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessTable } from '../process/process-table';
import { Trust } from '../run/trust';
import { SecretValues } from '../secrets/secret-values';

export interface PostgresHostOptions {
  readonly resolver: Resolver;
  readonly secrets: SecretValues;
  readonly addresses: Addresses;
  readonly addressOf: (resource: Resource) => string;
  readonly table: ProcessTable;
  readonly trust: Trust;
  readonly logDirectory: string;
  readonly cacheDirectory: string;
  readonly say: (line: string) => void;
}

/** The PostgreSQL databases of a template. */
export class PostgresHost {
  public readonly servers: PostgresServer[] = [];
  /** The file of the authority that has signed the certificates of this run's databases, in the place of Amazon's. */
  public authority = '';

  constructor(private readonly options: PostgresHostOptions) {}

  public async start(ports: Ports): Promise<void> {
    const { resolver, secrets, addresses, addressOf, table, logDirectory, cacheDirectory, say } = this.options;
    const plans = readPostgres(resolver, secrets).map((plan) => ({ plan, hostName: addressOf(plan.resource) }));
    if (plans.length === 0) return;
    const engine = findPostgres(cacheDirectory, say);
    const addressIn = (hostName: string) => (addresses.separate ? hostName : '127.0.0.1');
    const tls = await selfSigned(
      ['localhost'],
      plans.flatMap(({ hostName }) => Vpc.everywhere(addressIn(hostName))),
    );
    this.authority = this.options.trust.keep('databases', tls.cert);
    for (const { plan, hostName } of plans) {
      const address = addressIn(hostName);
      const server = new PostgresServer({
        ...{ plan, engine, hostName, address, tls, table },
        port: await ports.near(address, plan.port),
        inner: engine.tls ? undefined : await ports.dynamic(address),
        log: path.join(logDirectory, `postgres-${plan.resource.logicalId}.log`),
      });
      this.servers.push(server);
      await server.start();
    }
  }

  public async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** Fit a container's variables to the engine: where the database really is, and whom to trust. */
  public adjust(env: Record<string, string>): Record<string, string> {
    const adjusted = { ...env };
    for (const [name, value] of Object.entries(env)) {
      const server = this.servers.find(({ options }) => options.hostName === value);
      const prefix = name.replace(/HOST$/, '');
      if (!server || prefix === name) continue;
      // Drivers in C look names up themselves, where nothing can be put in between.
      adjusted[name] = server.options.address;
      if (adjusted[`${prefix}PORT`] !== undefined) adjusted[`${prefix}PORT`] = String(server.options.port);
      adjusted.PGSSLROOTCERT = this.authority;
    }
    return adjusted;
  }
}
