export * from './core/ec2-capacity';
export * from './core/endpoint';
export * from './core/mesh';
export * from './core/port-protocol';
export * from './core/redis-store';
export * from './core/routable';
export * from './core/topology-record';
