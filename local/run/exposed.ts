import { AwsHost } from '../aws/aws-host';
import { Exposed } from '../containers/container-engine';
import { BoundListener } from '../elb/load-balancer';
import { PostgresHost } from '../postgres/postgres-host';
import { RedisServer } from '../redis/redis-server';

/** What of a run tasks reach by address: load balancers and stores, on the ports of the template. */
export function exposedOf(run: {
  readonly loadBalancers: readonly { readonly listeners: readonly BoundListener[] }[];
  readonly networkLoadBalancers: readonly { readonly listeners: readonly BoundListener[] }[];
  readonly redisServers: readonly RedisServer[];
  readonly postgres: PostgresHost;
  readonly aws: AwsHost;
}): Exposed[] {
  const listeners = [...run.loadBalancers, ...run.networkLoadBalancers].flatMap((balancer) => balancer.listeners);
  const aws = run.aws.endpoint === '' ? [] : [new URL(run.aws.endpoint)];
  return [
    ...listeners.map(({ address, port, plan }) => ({ address, port, templatePort: plan.port, seesCaller: true })),
    ...run.redisServers.map(({ options: { address, port, plan } }) => ({ address, port, templatePort: plan.port })),
    ...run.postgres.servers.map(({ options: { address, port, plan } }) => ({ address, port, templatePort: plan.port })),
    ...aws.map(({ hostname, port }) => ({ address: hostname, port: Number(port), templatePort: Number(port) })),
  ];
}
