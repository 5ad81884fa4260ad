import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PostgresDatabase } from 'cdk-ecs-mesh';
import { Certificates } from './certificates';
import { Deployment, PASSWORD } from './container';
import { freePort } from './server';
import { findPostgres } from '../../local/postgres/engine';
import { readPostgres } from '../../local/postgres/plan';
import { PostgresServer } from '../../local/postgres/postgres-server';
import { ProcessTable } from '../../local/process/process-table';
import { SecretValues } from '../../local/secrets/secret-values';
import { resolverOf } from '../../local/test/fixture/resolver-of';

const ROOT = join(__dirname, '..', '..');

/** A PostgreSQL over TLS in the place of a PostgresDatabase. */
export class Database {
  public static async start(directory: string, { key, cert }: Certificates): Promise<Database> {
    const deployment = new Deployment((scope, mesh) => new PostgresDatabase(scope, 'Database', { mesh, databaseName: 'shop' }));
    mkdirSync(directory, { recursive: true });
    const template = deployment.template.toJSON();
    const resolver = resolverOf(template.Resources, template);
    const [plan] = readPostgres(resolver, new SecretValues(resolver, {}));
    const engine = findPostgres(join(ROOT, '.cache'), () => undefined);
    const server = new PostgresServer({
      ...{ engine, hostName: '127.0.0.1', address: '127.0.0.1', port: await freePort() },
      plan: { ...plan, password: PASSWORD },
      inner: engine.tls ? undefined : await freePort(),
      tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
      log: join(directory, 'postgres.log'),
      table: new ProcessTable(join(ROOT, 'local')),
    });
    await server.start();
    return new Database(deployment, server);
  }

  private constructor(
    private readonly deployment: Deployment,
    private readonly server: PostgresServer,
  ) {}

  /** Variables of a client, and the one of an image that has a file of authorities. */
  public variables(authorities: string): Record<string, string> {
    return { ...this.deployment.variables(this.server.options.port, 'app'), PGSSLROOTCERT: authorities };
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}
