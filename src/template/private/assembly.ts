import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppTemplates, Template } from './app-templates';
import { JsonObject, listOf, objectOf } from './json';
import { TemplateSource } from './source';

/** Construct paths by logical ID. Different stacks can contain the same IDs. */
type Paths = Map<string, string[]>;

/** Reads the templates of a cloud assembly: those of its stacks, nested stacks and stages, or only those whose path is requested. */
export function readAssembly(folder: string, isWanted: (path: string) => boolean = () => true): AppTemplates {
  return new AppTemplates(sourcesIn(folder).filter(({ path }) => isWanted(path)));
}

/** Reads the templates of several cloud assemblies, such as those of a platform's app and of its teams' apps, as one. */
export function readAssemblies(folders: string[]): AppTemplates {
  return new AppTemplates(folders.flatMap((folder) => sourcesIn(folder)));
}

/** Reads a single template. */
export function readTemplate(body: object, stackName = 'Stack'): Template {
  const stack = { path: stackName, stackName, after: () => [] };
  return new AppTemplates([sourceOf(body as JsonObject, stack, new Map())]).templates[0];
}

function sourcesIn(folder: string): TemplateSource[] {
  const artifacts = objectOf(readJson(folder, 'manifest.json').artifacts);
  const pathOf = (id: string) => `${objectOf(artifacts[id]).displayName ?? id}`;
  const files = filesIn(folder, Object.values(artifacts).map(objectOf));
  return Object.entries(artifacts).flatMap(([id, raw]) => {
    const artifact = objectOf(raw);
    const { directoryName, templateFile, stackName } = objectOf(artifact.properties);
    if (artifact.type === 'cdk:cloud-assembly') return sourcesIn(join(folder, `${directoryName}`));
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const [account, region] = `${artifact.environment}`.replace('aws://', '').split('/');
    const stack = {
      path: pathOf(id),
      stackName: `${stackName ?? id}`,
      account: account === 'unknown-account' ? undefined : account,
      region: region === 'unknown-region' ? undefined : region,
      after: () => listOf(artifact.dependencies).map((one) => pathOf(`${one}`)),
    };
    return withNested(`${templateFile}`, stack, { folder, files, paths: pathsOf(folder, artifact) });
  });
}

type StackFacts = Omit<TemplateSource, 'resources' | 'transforms' | 'section'>;

interface Folder {
  readonly folder: string;
  /** The names of files by the hashes under which they are uploaded. */
  readonly files: Map<string, string>;
  readonly paths: Paths;
}

/** Returns the template of a stack, and those of the stacks nested in it. */
function withNested(file: string, stack: StackFacts, where: Folder): TemplateSource[] {
  const source = sourceOf(readJson(where.folder, file), stack, where.paths);
  const nested = source.resources.flatMap((resource) => {
    const nestedFile = resource.type === 'AWS::CloudFormation::Stack' ? nestedTemplate(resource.body(), where) : undefined;
    if (nestedFile === undefined) return [];
    const path = resource.path.replace(/\.NestedStack\/[^/]+\.NestedStackResource$/, '');
    return withNested(nestedFile, { ...stack, path, stackName: path, nestedBy: resource.path }, where);
  });
  return [source, ...nested];
}

/** Returns the file of a nested stack, whose address ends with the hash of the file. */
function nestedTemplate({ Properties }: JsonObject, { files }: Folder): string | undefined {
  const [, hash = ''] = /([0-9a-f]{64})\.json/.exec(JSON.stringify(objectOf(Properties).TemplateURL ?? '')) ?? [];
  return files.get(hash);
}

function filesIn(folder: string, artifacts: JsonObject[]): Map<string, string> {
  const manifests = artifacts
    .filter(({ type }) => type === 'cdk:asset-manifest')
    .map(({ properties }) => readJson(folder, `${objectOf(properties).file}`));
  const files = manifests.flatMap((manifest) => Object.entries(objectOf(manifest.files)));
  return new Map(files.map(([hash, file]) => [hash, `${objectOf(objectOf(file).source).path}`]));
}

function sourceOf(template: JsonObject, stack: StackFacts, paths: Paths): TemplateSource {
  const resources = Object.entries(objectOf(template.Resources)).map(([id, raw]) => {
    const body = objectOf(raw);
    const path = objectOf(body.Metadata)['aws:cdk:path'];
    return { id, type: `${body.Type}`, path: typeof path === 'string' ? path : pathIn(stack.path, id, paths), body: () => body };
  });
  const transforms = [template.Transform ?? []].flat().map(String);
  return { ...stack, resources, transforms, section: (name) => objectOf(template[name]) };
}

/** Returns the shortest path below the stack: longer ones are in its nested stacks. */
function pathIn(stack: string, id: string, paths: Paths): string {
  const [path] = (paths.get(id) ?? []).filter((one) => one.startsWith(`${stack}/`)).sort((a, b) => a.length - b.length);
  return path ?? `${stack}/${id}`;
}

/** Returns the construct paths from the metadata of the stack. Templates themselves contain them only if the CLI requests it. */
function pathsOf(folder: string, { additionalMetadataFile: file, metadata }: JsonObject): Paths {
  const found: Paths = new Map();
  for (const [path, entries] of Object.entries(typeof file === 'string' ? readJson(folder, file) : objectOf(metadata))) {
    for (const { type, data } of listOf(entries).map(objectOf)) {
      if (type === 'aws:cdk:logicalId') found.set(`${data}`, [...(found.get(`${data}`) ?? []), path.replace(/^\//, '')]);
    }
  }
  return found;
}

function readJson(folder: string, file: string): JsonObject {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
}
