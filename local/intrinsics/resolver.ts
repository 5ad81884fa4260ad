import { Reader } from './reader';
import { LiveFacts } from './return-value';
import { Run, StackScope } from './stack-scope';
import { evaluate, holds } from '../../src/template/private/evaluate';
import { Known } from '../../src/template/private/known';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { Json } from '../assembly/json';
import { Resource, StackTemplate } from '../assembly/stack-template';

/** Evaluates the functions of all stacks of an assembly where somebody reads them. A value that only a deployment knows is an error. */
export class Resolver implements Run {
  private readonly active: string[] = [];

  constructor(
    public readonly assembly: CloudAssembly,
    public readonly facts: LiveFacts,
    public readonly parameters: Readonly<Record<string, string>> = {},
  ) {}

  /** Returns the properties of a resource, evaluated where they are read. */
  public read(resource: Resource): Reader {
    const path = `${resource.key} (${resource.type})`;
    return new Reader(resource.properties, path, (value, at) => this.evaluate(resource.stack, value, at));
  }

  /** Returns false for a resource that its condition excludes. */
  public exists(resource: Resource): boolean {
    const { Condition } = resource.body;
    return Condition === undefined || holds(Condition, new StackScope(resource.stack, resource.key, this));
  }

  public resources(type: string): Resource[] {
    return this.assembly.resources(type).filter((resource) => this.exists(resource));
  }

  /** Evaluates the function at the top of a value, and of each element if it is a list. */
  public evaluate(stack: StackTemplate, value: Json, path: string): Json | undefined {
    return settled(evaluate(value, new StackScope(stack, path, this)), path);
  }

  /** Refuses a value that depends on itself, instead of exhausting the call stack. */
  public once<T>(what: string, path: string, find: () => T): T {
    if (this.active.includes(what)) throw new Error(`${path}: circular reference: ${[...this.active, what].join(' -> ')}`);
    this.active.push(what);
    try {
      return find();
    } finally {
      this.active.pop();
    }
  }
}

function settled({ value, unknown, scope }: Known<Resource>, path: string): Json | undefined {
  if (unknown !== undefined) throw new Error(`${path}: ${unknown}`);
  if (!Array.isArray(value)) return value as Json | undefined;
  return value.map((item, i) => settled(evaluate(item, scope), `${path}[${i}]`)).filter((item) => item !== undefined);
}
