import { AwsHost } from '../aws/aws-host';
import { Exposed } from '../containers/site-context';
import { BoundListener } from '../elb/load-balancer';
import { PostgresHost } from '../postgres/postgres-host';
import { RedisServer } from '../redis/redis-server';

interface Balancer {
  readonly plan: { readonly key: string };
  readonly listeners: readonly BoundListener[];
}

/** What of a run tasks reach by address: load balancers and stores, on the ports of the template. */
export function exposedOf(run: {
  readonly loadBalancers: readonly Balancer[];
  readonly networkLoadBalancers: readonly Balancer[];
  readonly redisServers: readonly RedisServer[];
  readonly postgres: PostgresHost;
  readonly aws: AwsHost;
}): Exposed[] {
  const listeners = [...run.loadBalancers, ...run.networkLoadBalancers].flatMap(({ plan: { key }, listeners: own }) =>
    own.map(({ address, port, plan }) => ({ key, address, port, templatePort: plan.port, seesCaller: true })),
  );
  const servers = [...run.redisServers, ...run.postgres.servers].map(({ options: { address, port, plan } }) => ({
    ...{ key: plan.resource.key, address, port, templatePort: plan.port },
  }));
  const aws = run.aws.endpoint === '' ? [] : [new URL(run.aws.endpoint)];
  return [
    ...listeners,
    ...servers,
    ...aws.map(({ hostname, port }) => ({ address: hostname, port: Number(port), templatePort: Number(port) })),
  ];
}
