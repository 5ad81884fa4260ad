import { Reader } from './reader';
import { LiveFacts, returnValue } from './return-value';
import { evaluate } from '../../src/template/private/evaluate';
import { JsonObject, objectOf, textOf } from '../../src/template/private/json';
import { known, Known, Scope, Section, unknown } from '../../src/template/private/known';
import { returnValueOf } from '../../src/template/private/return-values';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { Json } from '../assembly/json';
import { Resource, StackTemplate } from '../assembly/stack-template';

/** The run that a template is read for. */
export interface Run {
  readonly assembly: CloudAssembly;
  readonly facts: LiveFacts;
  /** Values of stack parameters, in the place of their defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  read(resource: Resource): Reader;
  /** Refuses a value that depends on itself. */
  once<T>(what: string, path: string, find: () => T): T;
}

/** A stack as the functions of its template see it in a local run, which decides what a deployment would decide. */
export class StackScope implements Scope<Resource> {
  constructor(
    private readonly stack: StackTemplate,
    private readonly path: string,
    private readonly run: Run,
  ) {}

  public get name(): string {
    return this.stack.name;
  }

  public section(name: Section): JsonObject {
    return objectOf(this.stack.body[name]);
  }

  public resource(id: string): Resource | undefined {
    const body = this.stack.body.Resources?.[id];
    return body && new Resource(this.stack, id, body);
  }

  public returned(resource: Resource, attribute?: string): Known<Resource> {
    const found = returnValueOf(resource.type, attribute);
    const use = attribute === undefined ? `Ref of ${resource.key}` : `GetAtt ${resource.key}.${attribute} of`;
    const type = attribute === undefined ? `(${resource.type})` : resource.type;
    if (!found) {
      return unknown(this, undefined, `the local run does not know what ${use} ${type} returns; add it to return-values.ts`);
    }
    const value = () => returnValue(found, resource, this.run.read(resource), this.run.facts);
    return known(this, this.run.once(`${use} ${type}`, this.path, value));
  }

  public pseudoParameter(name: string): Known<Resource> {
    const { account, region, name: stack } = this.stack;
    const values: Record<string, Json | undefined> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${stack}/local`,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': undefined,
    };
    if (name in values) return known(this, values[name]);
    return unknown(this, undefined, `the local run does not know the pseudo parameter ${name}`);
  }

  public parameter(id: string, { Default }: JsonObject): Known<Resource> {
    if (id in this.run.parameters) return known(this, this.run.parameters[id]);
    if (Default !== undefined) return known(this, Default);
    return unknown(this, undefined, `parameter ${id} has no default, and the local run passes none`);
  }

  public zones(region = this.stack.region): Known<Resource> {
    return known(
      this,
      ['a', 'b', 'c'].map((letter) => `${region}${letter}`),
    );
  }

  public imported(name: string | undefined): Known<Resource> {
    for (const { stack, path, output } of this.outputs()) {
      const scope = new StackScope(stack, path, this.run);
      if (output.Export && textOf(evaluate(output.Export.Name, scope).value) === name) return evaluate(output.Value, scope);
    }
    return unknown(this, undefined, `no stack of the assembly exports ${JSON.stringify(name)}`);
  }

  public output(stackName: string, id: string): Known<Resource> {
    const found = this.outputs().find(({ stack, id: candidate }) => stack.name === stackName && candidate === id);
    if (!found) return unknown(this, undefined, `no output ${id} in a stack named ${stackName}`);
    return evaluate(found.output.Value, new StackScope(found.stack, found.path, this.run));
  }

  public other(name: string): Known<Resource> {
    return unknown(this, undefined, `the local run does not know the intrinsic function ${name}`);
  }

  public choose(_about: string, _options: readonly unknown[], because: string): never {
    throw new Error(`${this.path}: ${because}`);
  }

  private outputs() {
    return this.run.assembly.stacks.flatMap((stack) =>
      Object.entries(stack.body.Outputs ?? {}).map(([id, output]) => ({ stack, id, output, path: `${stack.name}.Outputs.${id}` })),
    );
  }
}
