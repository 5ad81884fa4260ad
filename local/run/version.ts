import * as path from 'node:path';
import { RunOptions } from './options';
import { CloudAssembly, ImageAsset } from '../assembly/cloud-assembly';
import { VersionPlan } from '../deploy/changes';
import { imageSource } from '../ecs/image';
import { readServices } from '../ecs/service-plan';
import { Resolver } from '../intrinsics/resolver';
import { LiveFacts } from '../intrinsics/return-value';
import { readJobs } from '../jobs/job-plan';

/** Opens an assembly for a run. */
export function resolverOf(directory: string, options: RunOptions, facts: LiveFacts): Resolver {
  return new Resolver(new CloudAssembly(directory, released(options)), facts, options.parameters);
}

/** Reads what an assembly starts. */
export function readVersion(resolver: Resolver, kind: 'container' | 'process'): VersionPlan {
  const imageOf = (image: string, where: string) => imageSource(resolver.assembly, image, where, kind);
  return { resolver, services: readServices(resolver, imageOf), jobs: readJobs(resolver, imageOf) };
}

/** What `docker push` would have brought into the repositories. */
function released({ root, images = {} }: RunOptions): Map<string, ImageAsset> {
  const assets = Object.entries(images).map(([repository, file]): [string, ImageAsset] => {
    const dockerfile = path.resolve(root, file);
    return [repository, { directory: path.dirname(dockerfile), dockerfile }];
  });
  return new Map(assets);
}
