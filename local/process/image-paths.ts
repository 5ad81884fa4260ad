import * as path from 'node:path';
import { inRoot } from '../ecs/image';
import { ContainerPlan } from '../ecs/task-definition';

/** Where the files of a container are on this machine. */
export interface ContainerPlace {
  /** Holds the files of the image. */
  readonly root: string;
  /** Holds the writable paths of the container. */
  readonly directory: string;
}

/**
 * The container with variables that name paths of this machine: those of the image are below its root, and those that the container may
 * write to are in its folder.
 */
export function withLocalPaths(plan: ContainerPlan, place: ContainerPlace): ContainerPlan {
  if (plan.image.kind !== 'asset') return plan;
  const local = (env: Readonly<Record<string, string>>) => localVariables(env, plan.writablePaths, place);
  const { image } = plan;
  const spec = { ...image.spec, environment: local(image.spec.environment) };
  return { ...plan, environment: local(plan.environment), image: { ...image, spec } };
}

function localVariables(
  env: Readonly<Record<string, string>>,
  writablePaths: readonly string[],
  { root, directory }: ContainerPlace,
): Record<string, string> {
  const local = (value: string) => {
    const writable = writablePaths.some((each) => value === each || value.startsWith(`${each.replace(/\/$/, '')}/`));
    return writable ? path.join(directory, value) : inRoot(value, root);
  };
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.split(':').map(local).join(':')]));
}
