import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CostResource, CostTemplate, list, Outside, Properties, record } from './cost-template';

/** What is read of a cloud assembly. */
export interface AssemblyFacts {
  readonly templates: CostTemplate[];
  /** Regions of its stacks, where they are known. */
  readonly regions: string[];
}

/** Every template of an assembly, those of stages and of nested stacks too. */
export function readAssembly(folder: string): AssemblyFacts {
  const artifacts = Object.values(record(readJson(folder, 'manifest.json').artifacts)).map(record);
  const stacks: CostTemplate[] = [];
  const imported: Outside = ({ 'Fn::ImportValue': name }) => (name === undefined ? undefined : exportedBy(stacks, name));
  const facts = artifacts.map((artifact): AssemblyFacts => {
    const properties = record(artifact.properties);
    if (artifact.type === 'cdk:cloud-assembly') return readAssembly(join(folder, String(properties.directoryName)));
    if (artifact.type !== 'aws:cloudformation:stack') return { templates: [], regions: [] };
    const region = String(artifact.environment).split('/').at(-1)!;
    const templates = withNested(folder, String(properties.templateFile), pathsOf(folder, artifact), imported);
    stacks.push(templates[0]);
    return {
      templates,
      regions: region === 'unknown-region' ? [] : [region],
    };
  });
  return { templates: facts.flatMap(({ templates }) => templates), regions: facts.flatMap(({ regions }) => regions) };
}

/** Construct paths by logical id; templates themselves name them only when the CLI asks for it. */
function pathsOf(folder: string, artifact: Properties): Record<string, string> {
  const file = artifact.additionalMetadataFile;
  const metadata = record(typeof file === 'string' ? readJson(folder, file) : artifact.metadata);
  const entries = Object.entries(metadata).flatMap(([path, found]) =>
    list(found).flatMap((raw) => {
      const { type, data } = record(raw);
      return type === 'aws:cdk:logicalId' ? [[String(data), path.replace(/^\//, '')]] : [];
    }),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The template of a stack, and those of the stacks in it, whose parameters lead back to it. */
function withNested(folder: string, file: string, paths: Record<string, string>, outside: Outside): CostTemplate[] {
  const body = readJson(folder, file);
  const template = new CostTemplate(body, paths, outside);
  const nested = Object.values(record(body.Resources)).flatMap((raw) => {
    const { Metadata, Properties: properties } = record(raw);
    const path = record(Metadata)['aws:asset:path'];
    if (typeof path !== 'string' || !path.endsWith('.nested.template.json')) return [];
    const parameters = record(record(properties).Parameters);
    return withNested(folder, path, paths, ({ Ref }) => template.follow(parameters[String(Ref)]));
  });
  return [template, ...nested];
}

function exportedBy(stacks: CostTemplate[], name: unknown): CostResource | undefined {
  for (const stack of stacks) {
    const found = stack.exported(name);
    if (found) return found;
  }
  return undefined;
}

function readJson(folder: string, file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>;
}
