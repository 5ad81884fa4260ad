import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';

interface Template {
  readonly Resources?: Record<string, { Type: string; Properties?: object; DependsOn?: string | string[] }>;
  readonly Parameters?: Record<string, unknown>;
  readonly Outputs?: Record<string, { Export?: { Name: string } }>;
}

/** What became of a cell: an error, or templates with their number of resources by type and what is wrong in them. */
export interface Verdict {
  /** The ID of an error of ours. */
  readonly refused?: string;
  /** An error that is not ours, or that lacks what ours have. */
  readonly raw?: string;
  readonly counts: Record<string, number>;
  readonly wrong: string[];
}

/** An error of ours: prop, rule, remedy, ID and construct. */
const OURS = /`[^`]+`.* must .*; .*\[([A-Z][A-Za-z]+)(?: at [^\]]+)?\]/s;

export function judge(build: () => App, isFirstPass = false): Verdict {
  try {
    const assembly = build().synth();
    const templates = templatesOf(assembly);
    return { counts: countsOf(templates), wrong: templates.flatMap((template) => wrongIn(template, templates, isFirstPass)) };
  } catch (error) {
    const { message } = error as Error;
    const refused = /Token\[/.test(message) ? undefined : OURS.exec(message)?.[1];
    return { refused, raw: refused ? undefined : message, counts: {}, wrong: [] };
  }
}

function templatesOf(assembly: CloudAssembly): Template[] {
  const assemblies = [assembly, ...assembly.nestedAssemblies.map(({ nestedAssembly }) => nestedAssembly)];
  return assemblies.flatMap(({ stacks, directory }) => [
    ...stacks.map(({ template }) => template as Template),
    ...nestedFiles(directory).map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as Template),
  ]);
}

const nestedFiles = (directory: string) => readdirSync(directory).filter((file) => file.endsWith('.nested.template.json'));

function countsOf(templates: Template[]): Record<string, number> {
  const types = templates.flatMap(({ Resources = {} }) => Object.values(Resources).map(({ Type }) => Type)).sort();
  return types.reduce<Record<string, number>>((counts, type) => ({ ...counts, [type]: (counts[type] ?? 0) + 1 }), {});
}

/** What no template may have: names that were never found, empty lists of subnets, and references to nothing. */
function wrongIn(template: Template, all: Template[], isFirstPass: boolean): string[] {
  const text = JSON.stringify(template);
  const never = [/\bundefined\b/, /\bNaN\b/, /\[object Object\]/, /\$\{Token\[/, /#\{Token\[/, /dummy-value-for/];
  const lookedUp = isFirstPass ? [] : [/\bvpc-12345\b/, /\bdummy1[a-z]\b/, /"[ps]-(12345|67890)"/];
  const words = [...never, ...lookedUp].filter((word) => word.test(text)).map((word) => `${word}`);
  return [...words, ...emptyLists(template), ...dangling(template, all), ...circles(template)];
}

const NEEDED =
  /"(SubnetIds|Subnets|VPCZoneIdentifier|SubnetId|AvailabilityZones?)":(\[\]|""|null|\[[^[\]{}]*(""|null)[^[\]{}]*\])/g;

function emptyLists({ Resources = {} }: Template): string[] {
  return Object.entries(Resources).flatMap(([id, { Properties }]) =>
    [...JSON.stringify(Properties ?? {}).matchAll(NEEDED)].map(([found]) => `${id}: ${found}`),
  );
}

/** References to what the template, or the app, does not have. What the surroundings import on purpose has a lower-case name. */
function dangling(template: Template, all: Template[]): string[] {
  const text = JSON.stringify(template);
  const known = new Set([...Object.keys(template.Resources ?? {}), ...Object.keys(template.Parameters ?? {})]);
  const exported = new Set(all.flatMap(({ Outputs = {} }) => Object.values(Outputs).map(({ Export }) => Export?.Name)));
  const refs = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)].map(([, name]) => name);
  const imports = [...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
  const waits = Object.values(template.Resources ?? {}).flatMap(({ DependsOn = [] }) => DependsOn);
  return [
    ...[...refs, ...waits].filter((name) => !name.startsWith('AWS::') && !known.has(name)),
    ...imports.filter((name) => /[A-Z]/.test(name) && !exported.has(name)),
  ].map((name) => `refers to ${name}`);
}

/** Resources that wait for each other. */
function circles({ Resources = {} }: Template): string[] {
  const needs = (id: string) => {
    const { DependsOn = [], ...resource } = Resources[id];
    const refs = [...JSON.stringify(resource).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)].map(([, name]) => name);
    return [...new Set([...refs, ...[DependsOn].flat()])].filter((name) => name in Resources);
  };
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] => {
    if (path.includes(id)) return [`circle of ${[...path, id].join(' -> ')}`];
    if (done.has(id)) return [];
    const found = needs(id).flatMap((next) => visit(next, [...path, id]));
    done.add(id);
    return found;
  };
  return Object.keys(Resources).flatMap((id) => visit(id, []));
}
