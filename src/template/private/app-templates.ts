import { CfnResource } from 'aws-cdk-lib';
import { Choices } from './choices';
import { evaluate, holds } from './evaluate';
import { callOf, hasKey, isLiteral, JsonObject, listOf, objectOf, partsOf } from './json';
import { Known, known, Scope, Section, unknown } from './known';
import { pseudoParameter } from './pseudo-parameters';
import { RESOURCE } from './reference-resolver';
import { returnValueOf } from './return-values';
import { ResourceSource, TemplateSource } from './source';
import { StoredParameters, storedValue } from './stored-parameters';
import { TemplateValue } from './value';

const SECTIONS: Section[] = ['Parameters', 'Conditions', 'Mappings', 'Outputs'];

/** A value of a template, in which references lead to resources. */
export type Value = TemplateValue<Resource>;

/** Values that do not depend on a choice, by what they are. */
type KnownValues = Map<string, Known<Resource>>;

/** A resource as it will be in its template. */
export class Resource {
  /** The values that `Ref` and the attributes return, as far as they have been looked up. */
  public readonly returned: KnownValues = new Map();

  private loaded?: JsonObject;
  private properties?: Value;
  private known?: boolean;
  private direct?: readonly Resource[];
  private closure?: Set<Resource>;

  constructor(
    private readonly source: ResourceSource,
    public readonly template: Template,
  ) {}

  /** The logical ID. */
  public get id(): string {
    return this.source.id;
  }

  public get type(): string {
    return this.source.type;
  }

  public get path(): string {
    return this.source.path;
  }

  /** The construct of the resource in a tree; undefined for a written template. */
  public get construct(): CfnResource | undefined {
    return this.source.construct;
  }

  /** The construct path for people, without the ID that CDK constructs give their own resource. */
  public get name(): string {
    return this.path.replace(this.type === 'AWS::ECS::Service' ? /\/Service$/ : /\/(Resource|Default|ASG)$/, '');
  }

  public get app(): AppTemplates {
    return this.template.app;
  }

  /** The resource as the template contains it. */
  public get body(): JsonObject {
    return (this.loaded ??= this.source.body());
  }

  public at(...keys: string[]): Value {
    this.properties ??= this.template.value(this.body.Properties, this.path);
    return this.properties.at(...keys);
  }

  /** Returns a property in this state of the conditions. */
  public property(name: string): Known<Resource> {
    return evaluate(objectOf(this.body.Properties)[name], this.template);
  }

  /** Indicates whether the resource can exist: false only if its condition excludes it. */
  public get exists(): boolean {
    if (this.known !== undefined) return this.known;
    const { Condition } = this.body;
    const { choices } = this.app;
    const { result, isFixed } = choices.once(
      () =>
        Condition === undefined || (choices.worlds(() => holds(`${Condition}`, this.template))?.some((one) => one.result) ?? true),
    );
    // A calculation around this one has to see the choice each time.
    if (isFixed) this.known = result;
    return result;
  }

  /** The resources of the same template that CloudFormation creates first. */
  public get dependencies(): readonly Resource[] {
    if (this.direct) return this.direct;
    const listed = [this.body.DependsOn ?? []].flat().map((id) => this.template.resource(`${id}`));
    const { Properties } = this.body;
    // Conditions that are decided exclude a branch; everything else is a dependency wherever it is written.
    const written = hasKey(Properties, 'Fn::If') ? this.at().references : this.template.namedIn(Properties);
    const named = new Set([...listed, ...written]);
    const found = [...named].filter((one): one is Resource => one?.template === this.template);
    if (this.app.choices.isFree) this.direct = found;
    return found;
  }

  /** Returns true if CloudFormation creates `other` before this resource, or if a condition leaves it open. */
  public waitsFor(other: Resource): boolean {
    if (other.template === this.template) return this.reach().has(other);
    // The order of nested stacks is that of resources in their parents; nothing is said about it rather than something wrong.
    return this.template.isNested || other.template.isNested || this.template.stacksBefore().has(other.template.path);
  }

  /** Returns all resources that this one depends on, including itself if the dependencies are circular. */
  private reach(): Set<Resource> {
    if (this.closure) return this.closure;
    const found = new Set<Resource>();
    const queue = [...this.dependencies];
    for (let next = queue.pop(); next; next = queue.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(...next.dependencies);
    }
    return (this.closure = found);
  }
}

/** A template of an app, with the meaning of its functions. */
export class Template implements Scope<Resource> {
  public readonly resources: Resource[];
  private readonly byId: Map<string, Resource>;
  private before?: Set<string>;

  constructor(
    public readonly source: TemplateSource,
    public readonly app: AppTemplates,
  ) {
    this.resources = source.resources.map((resource) => new Resource(resource, this));
    this.byId = new Map(this.resources.map((resource) => [resource.id, resource]));
  }

  /** The construct path of the stack. */
  public get path(): string {
    return this.source.path;
  }

  public get name(): string {
    return this.source.stackName;
  }

  /** The macros of the whole template. */
  public get transforms(): string[] {
    return this.source.transforms;
  }

  public get hasMacros(): boolean {
    const sections = SECTIONS.map((name) => this.section(name));
    return [...this.resources.map((resource) => resource.body.Properties), ...sections].some((raw) => hasKey(raw, 'Fn::Transform'));
  }

  public get isNested(): boolean {
    return this.source.nestedBy !== undefined;
  }

  public value(raw: unknown, path = this.path): Value {
    return TemplateValue.of(raw, { scope: this, choices: this.app.choices, path });
  }

  public section(name: Section): JsonObject {
    return this.source.section(name);
  }

  public resource(id: string): Resource | undefined {
    return this.byId.get(id);
  }

  /** Returns the resources of this template that a value names with `Ref`, `Fn::GetAtt` or `Fn::Sub`. */
  public namedIn(raw: unknown): Resource[] {
    if (isLiteral(raw)) return [];
    const { name, argument } = callOf(raw) ?? {};
    const [first, second] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
    const named = (id: unknown) => [this.byId.get(`${id}`)].filter((found) => found !== undefined);
    if (name === 'Ref') return named(argument);
    if (name === 'Fn::GetAtt') return named(first);
    if (name === RESOURCE) return first === this.path ? named(second) : [];
    return partsOf(raw).flatMap((part) => this.namedIn(part));
  }

  public returned(resource: Resource, attribute?: string): Known<Resource> {
    const name = attribute === undefined ? resource.path : `${resource.path}.${attribute}`;
    return this.app.once(name, this, resource.returned, () => {
      const nested = attribute?.startsWith('Outputs.') ? this.app.nestedIn(resource) : undefined;
      if (nested) return nested.outputOf(attribute!.slice('Outputs.'.length));
      const { property, otherwise } = returnValueOf(resource.type, attribute) ?? {};
      const decided = property === undefined ? known<Resource>(this, otherwise) : resource.property(property);
      const { value = otherwise, unknown: because = `only a deployment knows ${name}`, pattern } = decided;
      const isKnown = decided.unknown === undefined && value !== undefined;
      return { ...(isKnown ? known(this, value) : unknown(this, undefined, because, { pattern })), resource };
    });
  }

  public outputOf(id: string): Known<Resource> {
    const output = this.section('Outputs')[id];
    return output === undefined
      ? unknown(this, undefined, `${this.name} has no output "${id}"`)
      : evaluate(objectOf(output).Value, this);
  }

  public pseudoParameter(name: string): Known<Resource> {
    if (name === 'AWS::NoValue') return known(this, undefined);
    const value = pseudoParameter(name, this.source);
    return value === undefined ? unknown(this, undefined, `only a deployment knows ${name} of ${this.name}`) : known(this, value);
  }

  /** Returns the value that the parent passes, else the default, else one of the allowed values. */
  public parameter(id: string, { Type, Default, AllowedValues }: JsonObject): Known<Resource> {
    const parent = this.app.resourceAt(this.source.nestedBy);
    const given = objectOf(parent?.property('Parameters').value)[id];
    if (parent && given !== undefined) return evaluate(given, parent.template);
    if (`${Type}`.startsWith('AWS::SSM::Parameter::Value')) {
      const parameter = { type: `${Type}`, text: `${Default ?? ''}` };
      const stored = this.app.parameters.find(parameter.text, this.source.region);
      if (stored) return storedValue(stored, parameter.type);
      return unknown(this, { Ref: id }, `parameter ${id} of ${this.name} is read from the Parameter Store`, { parameter });
    }
    if (Default !== undefined) return known(this, /List/.test(`${Type}`) ? `${Default}`.split(',') : Default);
    const because = `parameter ${id} of ${this.name} has no default`;
    const allowed = listOf(AllowedValues);
    if (allowed.length === 0) return unknown(this, { Ref: id }, because);
    return known(this, this.choose(`parameter ${id} of ${this.name}`, allowed));
  }

  public zones(): Known<Resource> {
    return unknown(this, undefined, 'the zones of a region differ from account to account');
  }

  public imported(name: string | undefined, raw: unknown): Known<Resource> {
    const found = this.app.exported(name ?? JSON.stringify(raw));
    if (found) return found;
    return unknown(this, { 'Fn::ImportValue': raw }, `no stack of the app exports ${name ?? JSON.stringify(raw)}`);
  }

  public output(stackName: string, id: string): Known<Resource> {
    return this.app.templateNamed(stackName)?.outputOf(id) ?? unknown(this, undefined, `the app has no stack named ${stackName}`);
  }

  /** Evaluates other functions. References of a construct tree contain the stack of their target. */
  public other(name: string, argument: unknown, raw: unknown): Known<Resource> {
    if (name !== RESOURCE) return unknown(this, raw, `only CloudFormation evaluates ${name}`);
    const [stack, id, attribute] = listOf(argument).map(String);
    const template = this.app.templateAt(stack);
    if (!template) return unknown(this, raw, `${stack} is not among the stacks that are read`);
    return evaluate(attribute === 'Ref' ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] }, template);
  }

  public choose<T>(about: string, options: readonly T[]): T {
    return this.app.choices.make(about, options);
  }

  /** Returns the construct paths of all stacks that are deployed before this one. */
  public stacksBefore(): Set<string> {
    if (this.before) return this.before;
    const found = new Set<string>();
    const queue = this.source.after();
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      queue.push(...(this.app.templateAt(next)?.source.after() ?? []));
    }
    return (this.before = found);
  }
}

/** The templates of an app: resources by type, by reference, and across stacks. They are read once, from a tree or an assembly. */
export class AppTemplates {
  public readonly choices = new Choices();
  public readonly parameters = new StoredParameters(() => this.all('AWS::SSM::Parameter'));
  public readonly templates: Template[];
  public readonly resources: readonly Resource[];
  private readonly templatesByPath: ReadonlyMap<string, Template>;
  private readonly templatesByName: ReadonlyMap<string, Template>;
  private readonly nested: ReadonlyMap<string | undefined, Template>;
  private readonly byPath: ReadonlyMap<string, Resource>;
  private readonly byType = new Map<string, Resource[]>();
  private readonly existing = new Map<string, readonly Resource[]>();
  private readonly referrers = new Map<string, Map<Resource, Resource[]>>();
  private readonly asking = new Set<string>();
  private readonly imports: KnownValues = new Map();
  private macros?: boolean;
  private exports?: Map<string, { readonly template: Template; readonly id: string }>;

  constructor(sources: TemplateSource[]) {
    this.templates = sources.map((source) => new Template(source, this));
    this.resources = this.templates.flatMap(({ resources }) => resources);
    this.templatesByPath = firstBy(this.templates, ({ path }) => path);
    this.templatesByName = firstBy(this.templates, ({ name }) => name);
    this.nested = firstBy(this.templates, ({ source }) => source.nestedBy);
    this.byPath = new Map(this.resources.map((resource) => [resource.path, resource]));
    for (const resource of this.resources) push(this.byType, resource.type, resource);
  }

  /** Returns the resources of a type that can exist. */
  public all(type: string): readonly Resource[] {
    const listed = this.existing.get(type);
    if (listed) return listed;
    const { result, isFixed } = this.choices.once(() => (this.byType.get(type) ?? []).filter(({ exists }) => exists));
    if (isFixed) this.existing.set(type, result);
    return result;
  }

  /** Returns the resources of a type that refer to `target` in one of their properties. */
  public referring(target: Resource, type: string, ...property: string[]): readonly Resource[] {
    const name = [type, ...property].join('|');
    const index = this.referrers.get(name) ?? this.indexOf(type, property);
    if (this.choices.isFree) this.referrers.set(name, index);
    return index.get(target) ?? [];
  }

  public resourceAt(path: string | undefined): Resource | undefined {
    return path === undefined ? undefined : this.byPath.get(path);
  }

  public templateAt(path: string): Template | undefined {
    return this.templatesByPath.get(path);
  }

  public templateNamed(stackName: string): Template | undefined {
    return this.templatesByName.get(stackName);
  }

  /** The template of a nested stack. */
  public nestedIn(resource: Resource): Template | undefined {
    return this.nested.get(resource.path);
  }

  public exported(name: string): Known<Resource> | undefined {
    this.exports ??= new Map(
      this.templates.flatMap((template) =>
        Object.entries(template.section('Outputs')).map(([id, output]) => {
          const raw = objectOf(objectOf(output).Export).Name;
          return [template.value(raw).text ?? JSON.stringify(raw) ?? '', { template, id }] as const;
        }),
      ),
    );
    const found = this.exports.get(name);
    return found && this.once(`export ${name}`, found.template, this.imports, () => found.template.outputOf(found.id));
  }

  /** Returns a value; one that depends on itself is unknown. */
  public once(what: string, scope: Template, values: KnownValues, ask: () => Known<Resource>): Known<Resource> {
    const before = values.get(what);
    if (before) return before;
    if (this.asking.has(what)) return unknown(scope, undefined, `circular reference to ${what}`);
    const isOutermost = this.asking.size === 0;
    this.asking.add(what);
    try {
      const { result, isFixed } = this.choices.once(ask);
      // What is asked for on the way to another value can be unknown because of that one.
      if (isOutermost && isFixed) values.set(what, result);
      return result;
    } finally {
      this.asking.delete(what);
    }
  }

  /** Indicates whether a macro may generate part of some value. */
  public get hasMacros(): boolean {
    return (this.macros ??= this.templates.some((template) => template.hasMacros));
  }

  private indexOf(type: string, property: string[]): Map<Resource, Resource[]> {
    const index = new Map<Resource, Resource[]>();
    for (const resource of this.all(type)) {
      for (const one of new Set(resource.at(...property).references)) push(index, one, resource);
    }
    return index;
  }
}

/** The first of those with the same key, as a search would find it. */
function firstBy<K, T>(all: readonly T[], keyOf: (one: T) => K): Map<K, T> {
  const found = new Map<K, T>();
  for (const one of all) if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  return found;
}

function push<K, T>(lists: Map<K, T[]>, key: K, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
