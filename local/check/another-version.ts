import * as fs from 'node:fs';
import * as path from 'node:path';
import { isObject, Json, JsonObject } from '../assembly/json';
import { TemplateBody } from '../assembly/stack-template';

/** A change of the containers of one task definition, by the name of a container. */
export interface ContainerChange {
  readonly container: string;
  readonly change: JsonObject;
}

/** A variable that no program reads: a release that differs, and works. */
export function release(container: string, number: number): ContainerChange {
  return { container, change: { DockerLabels: { release: String(number) } } };
}

/** A program that runs and does nothing, so that no health check ever passes. */
export function neverHealthy(container: string): ContainerChange {
  return { container, change: { EntryPoint: ['sh', '-c', 'exec sleep 1000000'], Command: [] } };
}

/** A program that ends at once, and not well. */
export function failing(container: string): ContainerChange {
  return { container, change: { EntryPoint: ['sh', '-c', 'exit 3'], Command: [] } };
}

/** Writes a copy of an assembly in which containers are changed; returns its directory. */
export function anotherVersion(assembly: string, into: string, changes: readonly ContainerChange[]): string {
  const found = new Set<string>();
  rewrite(assembly, into, (template) => {
    for (const container of containersOf(template)) {
      for (const { container: name, change } of changes.filter((each) => each.container === container.Name)) {
        found.add(name);
        Object.assign(container, change);
      }
    }
  });
  const missing = changes.filter(({ container }) => !found.has(container));
  if (missing.length > 0) throw new Error(`${assembly} has no container ${missing.map(({ container }) => container).join(', ')}`);
  return into;
}

/** Writes a copy of an assembly whose services bake for so long; returns its directory. */
export function withBakeTime(assembly: string, into: string, minutes: number): string {
  rewrite(assembly, into, ({ Resources = {} }) => {
    for (const { Type, Properties } of Object.values(Resources)) {
      const configuration = Type === 'AWS::ECS::Service' ? Properties?.DeploymentConfiguration : undefined;
      if (isObject(configuration) && 'BakeTimeInMinutes' in configuration) configuration.BakeTimeInMinutes = minutes;
    }
  });
  return into;
}

function rewrite(assembly: string, into: string, edit: (template: TemplateBody) => void): void {
  fs.rmSync(into, { recursive: true, force: true });
  fs.cpSync(assembly, into, { recursive: true });
  for (const file of templatesIn(into)) {
    const template = JSON.parse(fs.readFileSync(file, 'utf8')) as TemplateBody;
    edit(template);
    fs.writeFileSync(file, JSON.stringify(template));
  }
}

function templatesIn(directory: string): string[] {
  return fs
    .readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.template.json'))
    .map((file) => path.join(directory, file));
}

function containersOf({ Resources = {} }: TemplateBody): Record<string, Json>[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition')
    .flatMap(({ Properties }) => Properties?.ContainerDefinitions ?? [])
    .filter(isObject) as Record<string, Json>[];
}
