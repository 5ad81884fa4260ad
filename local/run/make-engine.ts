import * as path from 'node:path';
import { exposedOf } from './exposed';
import { ImageFiles } from './image-files';
import { RunOptions } from './options';
import { Trust } from './trust';
import { ContainerEngine } from '../containers/container-engine';
import { EngineApi } from '../containers/engine-api';
import { ConnectProxy } from '../dns/connect-proxy';
import { NamesTable } from '../dns/names-table';
import { knownAliases } from '../ecs/connect-names';
import { RunContext } from '../ecs/run-context';
import { ServicePlan } from '../ecs/service-plan';
import { readAccessPoints } from '../ecs/volumes';
import { LoadBalancer } from '../elb/load-balancer';
import { NetworkLoadBalancer } from '../elb/network-load-balancer';
import { Engine } from '../engine/engine';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessEngine } from '../process/process-engine';
import { ProcessTable } from '../process/process-table';
import { pythonEnvironment } from '../python/environment';
import { redisContainer } from '../redis/redis-container';
import { RedisHost } from '../redis/redis-host';

/** The parts of a run that an engine works with. */
export interface EngineParts {
  readonly options: RunOptions;
  readonly addresses: Addresses;
  readonly ports: Ports;
  readonly names: NamesTable;
  readonly table: ProcessTable;
  readonly redis: RedisHost;
  readonly images: ImageFiles;
  readonly trust: Trust;
  readonly resolver: Resolver;
  readonly directory: string;
  readonly loadBalancers: readonly LoadBalancer[];
  readonly networkLoadBalancers: readonly NetworkLoadBalancer[];
}

type Context = Omit<RunContext, 'engine'>;

/** Containers of Docker or Podman. */
export function containerEngine(
  { options, addresses, ports, names, trust, resolver, loadBalancers, networkLoadBalancers }: EngineParts,
  context: Context,
  {
    api,
    aliases,
    plans,
    exposed,
  }: {
    readonly api: EngineApi;
    readonly aliases: readonly ConnectProxy[];
    /** Those of the version that is deployed now. */
    readonly plans: () => readonly ServicePlan[];
    readonly exposed: ReturnType<typeof exposedOf>;
  },
): Engine {
  const engine = new ContainerEngine({
    ...context,
    ...{ api, names, aliases, ports, say: options.say, exposed },
    localDirectory: options.localDirectory,
    caBundle: options.caBundle,
    shared: trust.directory,
    accessPoints: readAccessPoints(resolver),
    resolver,
    octet: addresses.run ?? 0,
    aliasesOf: (service) => knownAliases(service, [service, ...plans().filter(({ key }) => key !== service.key)]),
  });
  for (const balancer of [...loadBalancers, ...networkLoadBalancers]) {
    const { key, external } = balancer.plan;
    // Nobody from outside comes to an internal one but the person who runs it.
    if (external) balancer.admitsVisitor = (port) => engine.admitsVisitor(key, port);
  }
  return engine;
}

/** Processes of this machine. */
export function processEngine(
  { options, addresses, ports, names, table, redis, images, directory }: EngineParts,
  context: Context,
): Engine {
  const cacheDirectory = path.join(options.root, '.cache');
  return new ProcessEngine({
    ...context,
    ...{ ports, table, names },
    separate: addresses.separate,
    preload: path.join(options.localDirectory, 'dns', 'names.cjs'),
    pythonPath: path.join(options.localDirectory, 'dns', 'python'),
    imageRoot: (image) => images.rootOf(image),
    programs: (image) => pythonEnvironment(image, cacheDirectory, options.say),
    redisContainer: (command, label, fileSystem) =>
      redisContainer(redis.engine, command, path.join(directory, label), fileSystem && path.join(directory, fileSystem)),
  });
}
