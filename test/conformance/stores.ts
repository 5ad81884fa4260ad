import { join } from 'node:path';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ContainerRedis, Ec2HostRedis, ElastiCacheRedis, ImportedRedis, RedisMode, ServerlessRedis } from 'cdk-ecs-mesh';
import { Certificates } from './certificates';
import { Deployment, PASSWORD } from './container';
import { Server } from './server';

export type Variables = Record<string, string>;

/** A server for each kind of store, as the template has it; each gives the variables that a container gets from `connectTo`. */
export class Stores {
  public static readonly SINGLE = [
    'ContainerRedis',
    'Ec2HostRedis',
    'ElastiCacheRedis',
    'ImportedRedis with TLS and a user',
    'ImportedRedis without a password',
  ] as const;
  public static readonly CLUSTERS = ['ServerlessRedis', 'ImportedRedis in cluster mode'] as const;

  private readonly servers: Server[] = [];
  private count = 0;

  constructor(
    private readonly directory: string,
    private readonly certificates: () => Certificates,
  ) {}

  public async close(): Promise<void> {
    for (const server of this.servers.splice(0)) await server.close();
  }

  public async start(store: (typeof Stores.SINGLE)[number] | (typeof Stores.CLUSTERS)[number]): Promise<Variables> {
    switch (store) {
      case 'ContainerRedis': {
        const deployment = new Deployment((scope, mesh) => new ContainerRedis(scope, 'Redis', { mesh }));
        const secrets = (deployment.server.Secrets as { Name: string }[]).map(({ Name }) => [Name, PASSWORD]);
        return started(
          deployment,
          this.kept(await Server.container(this.folder(), deployment.server.Command, Object.fromEntries(secrets))),
        );
      }
      case 'Ec2HostRedis': {
        const deployment = new Deployment((scope, mesh) => new Ec2HostRedis(scope, 'Redis', { mesh }));
        return started(deployment, await this.serve([...deployment.configuration, `requirepass ${PASSWORD}`]));
      }
      case 'ElastiCacheRedis': {
        const deployment = new Deployment((scope, mesh) => new ElastiCacheRedis(scope, 'Redis', { mesh }));
        return started(deployment, await this.serve([`requirepass ${PASSWORD}`], true));
      }
      case 'ServerlessRedis': {
        const deployment = new Deployment((scope, mesh) => new ServerlessRedis(scope, 'Redis', { mesh }));
        const { UserName, AccessString } = deployment.properties('AWS::ElastiCache::User');
        return started(deployment, await this.serveCluster(`user ${UserName} ${AccessString} >${PASSWORD}`));
      }
      case 'ImportedRedis in cluster mode':
        return started(imported(true, RedisMode.cluster()), await this.serveCluster(`requirepass ${PASSWORD}`));
      case 'ImportedRedis with TLS and a user': {
        const server = await this.serve(['user default off', `user app on >${PASSWORD} ~* &* +@all`], true);
        return started(imported(true, RedisMode.single(), 'login'), server, 'app');
      }
      case 'ImportedRedis without a password': {
        const deployment = new Deployment((scope) => new ImportedRedis(scope, 'Redis', { host: 'redis.example.com', tls: false }));
        return started(deployment, await this.serve([]));
      }
    }
  }

  /** A cluster of one node that has every slot. */
  private async serveCluster(user: string): Promise<Server> {
    const server = await this.serve(['cluster-enabled yes', user], true);
    await server.formCluster(PASSWORD, this.certificates());
    return server;
  }

  private async serve(directives: string[], tls = false): Promise<Server> {
    return this.kept(await Server.configured(this.folder(), directives, tls ? this.certificates() : undefined));
  }

  private kept(server: Server): Server {
    this.servers.push(server);
    return server;
  }

  private folder(): string {
    return join(this.directory, `server-${this.count++}`);
  }
}

function started(deployment: Deployment, server: Server, username?: string): Variables {
  return deployment.variables(server.port, username);
}

function imported(tls: boolean, mode: RedisMode, usernameField?: string): Deployment {
  return new Deployment((scope) => {
    const secret = Secret.fromSecretNameV2(scope, 'Secret', 'redis');
    return new ImportedRedis(scope, 'Redis', { host: 'redis.example.com', tls, mode, credentials: { secret, usernameField } });
  });
}
