import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTopology } from './compare';
import { isAssumedEntrance, ModelComponent, ModelConnection, TopologyModel } from './topology-model';
import { validationError } from '../../core/private/errors';
import { ComponentKind } from '../../core/topology-record';

/** The kinds of components that are the same thing in every app, by their ID. */
const COMMON = [ComponentKind.INTERNET, ComponentKind.EXTERNAL, ComponentKind.AWS_API];

/**
 * Reads the pictures of several apps as one. What one app shares and another one uses is one component, that of the owner.
 *
 * @param directories cloud assemblies with a `topology.json`
 */
export function joinAssemblies(directories: string[]): TopologyModel {
  const read = uniqueIds(directories.map((directory) => readTopology(directory)));
  const shared = new Map(read.flatMap((model) => Object.entries(model.shared ?? {})));
  const apart = read.map((model) => withoutAssumed(model, shared));
  const idOf = (id: string) => shared.get(id) ?? id;
  const components = new Map<string, ModelComponent>();
  for (const component of apart.flatMap((model) => model.components)) {
    // The owner knows the component; a consumer only what it states.
    if (!shared.has(component.id) && !components.has(component.id)) components.set(component.id, component);
  }
  const connections = apart.flatMap((model) => model.connections).map((one) => joined(one, idOf));
  const different = new Map(connections.map((one) => [JSON.stringify(one), one]));
  return { components: [...components.values()], connections: [...different.values()] };
}

/**
 * Leaves out the entrances that the picture of a consumer assumes for the load balancer of another app. The owner knows who is admitted, and
 * on which ports.
 */
function withoutAssumed(model: TopologyModel, shared: Map<string, string>): TopologyModel {
  const isAssumed = (one: ModelConnection) => isAssumedEntrance(one) && shared.has(one.server);
  if (!model.connections.some(isAssumed)) return model;
  const connections = model.connections.filter((one) => !isAssumed(one));
  const called = new Set(connections.flatMap(({ client, server }) => [client, server]));
  const components = model.components.filter(({ id, kind }) => kind !== ComponentKind.INTERNET || called.has(id));
  return { ...model, components, connections };
}

function joined(connection: ModelConnection, idOf: (id: string) => string): ModelConnection {
  return { ...connection, client: idOf(connection.client), server: idOf(connection.server) };
}

function readTopology(directory: string): TopologyModel {
  const file = join(directory, 'topology.json');
  if (existsSync(file)) return parseTopology('directories', readFileSync(file, 'utf8'));
  throw validationError(undefined, 'TopologyMissing', {
    prop: 'directories',
    must: 'be cloud assemblies with a topology.json',
    got: directory,
    fix: 'call TopologyDiagram.attach(app) in the app, and synthesize it again',
  });
}

/** Gives components of different apps different IDs: two apps can have a `Shop/Api`. */
function uniqueIds(models: TopologyModel[]): TopologyModel[] {
  const taken = new Set<string>();
  return models.map((model) => {
    const own = model.components.filter(({ kind }) => !COMMON.includes(kind)).map(({ id }) => id);
    const shares = new Set(models.flatMap(({ shared = {} }) => Object.keys(shared)));
    const renamed = new Map(own.filter((id) => taken.has(id) && !shares.has(id)).map((id) => [id, freeId(id, taken)]));
    const idOf = (id: string) => renamed.get(id) ?? id;
    own.forEach((id) => taken.add(idOf(id)));
    return {
      components: model.components.map((one) => ({ ...one, id: idOf(one.id) })),
      connections: model.connections.map((one) => joined(one, idOf)),
      shared: Object.fromEntries(Object.entries(model.shared ?? {}).map(([prefix, id]) => [prefix, idOf(id)])),
    };
  });
}

function freeId(id: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${id} (${number})`)) number++;
  return `${id} (${number})`;
}
