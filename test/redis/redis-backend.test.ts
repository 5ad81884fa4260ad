import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { ContainerRedis, Ec2HostRedis, ElastiCacheRedis, RedisBackend, ServerlessRedis } from 'cdk-ecs-mesh';
import { newMesh, newStack, only, templateOf } from '../helpers';

function create(backend: RedisBackend) {
  const stack = newStack();
  return backend.createStore(stack, 'Redis', newMesh(stack));
}

test('a host, with and without choices', () => {
  expect(create(RedisBackend.ec2Host())).toBeInstanceOf(Ec2HostRedis);
  const store = create(RedisBackend.ec2Host({ instanceType: new InstanceType('t4g.medium'), port: 7000 }));
  expect(only(templateOf(store), 'AWS::EC2::Instance', 'Redis').Properties.InstanceType).toBe('t4g.medium');
  expect(store.port).toBe(7000);
});

test('ElastiCache, with and without choices', () => {
  expect(create(RedisBackend.elastiCache())).toBeInstanceOf(ElastiCacheRedis);
  const store = create(RedisBackend.elastiCache({ numReplicas: 2 }));
  expect(only(templateOf(store), 'AWS::ElastiCache::ReplicationGroup').Properties.NumCacheClusters).toBe(3);
});

test('a container, with and without choices', () => {
  expect(create(RedisBackend.container())).toBeInstanceOf(ContainerRedis);
  expect(create(RedisBackend.container({ discoveryName: 'broker' })).host).toMatch(/^broker\./);
});

test('serverless, with and without choices', () => {
  expect(create(RedisBackend.serverless())).toBeInstanceOf(ServerlessRedis);
  const store = create(RedisBackend.serverless({ majorEngineVersion: '7' }));
  expect(only(templateOf(store), 'AWS::ElastiCache::ServerlessCache').Properties.MajorEngineVersion).toBe('7');
});

test('one backend makes a store each time', () => {
  const backend = RedisBackend.elastiCache();
  expect(create(backend)).not.toBe(create(backend));
});

test('an existing store is given back, and nothing is created', () => {
  const stack = newStack();
  const mesh = newMesh(stack);
  const store = new ElastiCacheRedis(stack, 'Shared', { mesh });
  expect(RedisBackend.existing(store).createStore(stack, 'Redis', mesh)).toBe(store);
  expect(stack.node.tryFindChild('Redis')).toBeUndefined();
});
