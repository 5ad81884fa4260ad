import { App } from 'aws-cdk-lib';
import { ComponentKind, TopologyRecord } from '../../src/core/topology-record';

/** GEO as the reference app records it: one chain through two load balancers. */
export function geolocation(): App {
  const app = new App();
  const record = TopologyRecord.of(app);
  record.addComponent({
    id: 'Geo/Gateway/External',
    kind: ComponentKind.LOAD_BALANCER,
    label: 'External ALB',
    publicFacing: true,
    details: ['TLS 1.3, WAF'],
  });
  record.addComponent({ id: 'Geo/Gateway/Internal', kind: ComponentKind.LOAD_BALANCER, label: 'Internal ALB' });
  record.addComponent({ id: 'Geo/Frontend', kind: ComponentKind.SERVICE, label: 'frontend', details: ['EC2, 2-4 tasks'] });
  record.addComponent({ id: 'Geo/Api', kind: ComponentKind.SERVICE, label: 'api', details: ['EC2, 2-4 tasks'] });
  record.addComponent({ id: 'Geo/Redis', kind: ComponentKind.REDIS, label: 'redis', details: ['Valkey on EC2'] });
  record.addConnection({
    client: 'Internet',
    server: 'Geo/Gateway/External',
    protocol: 'https',
    port: 443,
    dnsName: 'geo.example.com',
  });
  record.addComponent({ id: 'Internet', kind: ComponentKind.INTERNET, label: 'Users' });
  record.addConnection({ client: 'Geo/Gateway/External', server: 'Geo/Frontend', protocol: 'http', port: 8080 });
  record.addConnection({
    client: 'Geo/Frontend',
    server: 'Geo/Gateway/Internal',
    protocol: 'http',
    port: 80,
    dnsName: 'api.nidhin.local',
  });
  record.addConnection({ client: 'Geo/Gateway/Internal', server: 'Geo/Api', protocol: 'http', port: 8080 });
  record.addConnection({ client: 'Geo/Api', server: 'Geo/Redis', protocol: 'redis', port: 6379, dnsName: 'redis.nidhin.local' });
  return app;
}

/** Three services and no load balancer in between. */
export function small(): App {
  const app = new App();
  const record = TopologyRecord.of(app);
  record.addComponent({ id: 'Voting/Alb', kind: ComponentKind.LOAD_BALANCER, label: 'External ALB', publicFacing: true });
  record.addComponent({ id: 'Voting/Vote', kind: ComponentKind.SERVICE, label: 'vote', details: ['Fargate, 2-4 tasks'] });
  record.addComponent({ id: 'Voting/Result', kind: ComponentKind.SERVICE, label: 'result', details: ['Fargate, 2 tasks'] });
  record.addComponent({ id: 'Voting/Worker', kind: ComponentKind.SERVICE, label: 'worker', details: ['Fargate Spot, 1-2 tasks'] });
  record.addComponent({ id: 'Voting/Redis', kind: ComponentKind.REDIS, label: 'redis', details: ['ElastiCache Valkey, Multi-AZ'] });
  record.addComponent({ id: 'Voting/Db', kind: ComponentKind.DATABASE, label: 'votes', details: ['PostgreSQL, Multi-AZ'] });
  record.addComponent({ id: 'Voting/Uploads', kind: ComponentKind.AWS_API, label: 'uploads', details: ['S3 bucket'] });
  record.addConnection({ client: 'Voting/Alb', server: 'Voting/Vote', protocol: 'http', port: 8080 });
  record.addConnection({ client: 'Voting/Alb', server: 'Voting/Result', protocol: 'http', port: 8080 });
  record.addConnection({ client: 'Voting/Vote', server: 'Voting/Redis', protocol: 'redis', port: 6379 });
  record.addConnection({ client: 'Voting/Worker', server: 'Voting/Redis', protocol: 'redis', port: 6379 });
  record.addConnection({ client: 'Voting/Worker', server: 'Voting/Db', protocol: 'postgres', port: 5432 });
  record.addConnection({ client: 'Voting/Result', server: 'Voting/Db', protocol: 'postgres', port: 5432 });
  record.addConnection({ client: 'Voting/Result', server: 'Voting/Uploads', protocol: 's3' });
  record.addConnection({
    client: 'Voting/Worker',
    server: 'api.example.com',
    protocol: 'https',
    port: 443,
    dnsName: 'api.example.com',
  });
  return app;
}

const DOMAINS = ['orders', 'users', 'search', 'billing', 'catalog', 'shipping'];
const ROLES = ['web', 'api', 'core', 'events', 'worker'];

/** Thirty services in six domains that share two stores, three databases, queues and each other, with one cycle of calls. */
export function large(): App {
  const app = new App();
  const record = TopologyRecord.of(app);
  const service = (domain: string, role: string) => `Shop/${domain}-${role}`;
  const call = (client: string, server: string, port: number, protocol = 'http', dnsName?: string) =>
    record.addConnection({ client, server, port, protocol, dnsName });
  record.addComponent({ id: 'Shop/Alb', kind: ComponentKind.LOAD_BALANCER, label: 'External ALB', publicFacing: true });
  record.addComponent({ id: 'Shop/Internal', kind: ComponentKind.LOAD_BALANCER, label: 'Internal ALB' });
  for (const domain of DOMAINS) {
    for (const role of ROLES) {
      record.addComponent({
        id: service(domain, role),
        kind: ComponentKind.SERVICE,
        label: `${domain}-${role}`,
        details: ['Fargate, 2-4 tasks'],
      });
    }
  }
  record.addComponent({ id: 'Shop/Cache', kind: ComponentKind.REDIS, label: 'cache' });
  record.addComponent({ id: 'Shop/Sessions', kind: ComponentKind.REDIS, label: 'sessions' });
  for (const name of ['orders', 'users', 'catalog']) {
    record.addComponent({ id: `Shop/${name}-db`, kind: ComponentKind.DATABASE, label: `${name}-db` });
  }
  record.addComponent({ id: 'Shop/Queue', kind: ComponentKind.AWS_API, label: 'events', details: ['SQS queue'] });
  DOMAINS.forEach((domain, index) => {
    call('Shop/Alb', service(domain, 'web'), 8080);
    call(service(domain, 'web'), 'Shop/Internal', 80, 'http', 'api.shop.local');
    call('Shop/Internal', service(domain, 'api'), 8080);
    call(service(domain, 'web'), 'Shop/Sessions', 6379, 'redis', 'sessions.shop.local');
    call(service(domain, 'api'), service(domain, 'core'), 9000, 'grpc', `${domain}-core.shop.local`);
    call(service(domain, 'core'), 'Shop/Cache', 6379, 'redis', 'cache.shop.local');
    call(service(domain, 'core'), `Shop/${['orders', 'users', 'catalog'][index % 3]}-db`, 5432, 'postgres');
    record.addConnection({ client: service(domain, 'events'), server: 'Shop/Queue', protocol: 'sqs' });
    call(service(domain, 'core'), service(domain, 'events'), 9100, 'grpc', `${domain}-events.shop.local`);
    call(service(domain, 'worker'), service(domain, 'core'), 9000, 'grpc', `${domain}-core.shop.local`);
  });
  call('Shop/orders-core', 'Shop/users-core', 9000, 'grpc', 'users-core.shop.local');
  call('Shop/orders-core', 'Shop/billing-core', 9000, 'grpc', 'billing-core.shop.local');
  call('Shop/billing-core', 'Shop/orders-core', 9000, 'grpc', 'orders-core.shop.local');
  call('Shop/billing-worker', 'payments.example.com', 443, 'https', 'payments.example.com');
  return app;
}

/** The small app before: without its bucket, with a mail host that is gone since. */
export function earlier(): App {
  const app = new App();
  const now = TopologyRecord.of(small());
  const then = TopologyRecord.of(app);
  now.components.filter(({ id }) => id !== 'Voting/Uploads').forEach((component) => then.addComponent(component));
  now.connections.filter(({ server }) => server !== 'Voting/Uploads').forEach((connection) => then.addConnection(connection));
  then.addComponent({ id: 'Voting/Mail', kind: ComponentKind.EXTERNAL, label: 'mail' });
  then.addConnection({ client: 'Voting/Worker', server: 'Voting/Mail', protocol: 'smtp', dnsName: 'mail.example.com', port: 587 });
  return app;
}
