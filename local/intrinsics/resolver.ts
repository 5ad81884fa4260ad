import { Reader } from './reader';
import { getAttribute, LiveFacts, refOf } from './semantics';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { isObject, Json, JsonObject, text } from '../assembly/json';
import { Resource, StackTemplate } from '../assembly/stack-template';

/** Evaluates CloudFormation's intrinsic functions over all stacks of an assembly, lazily. */
export class Resolver {
  private readonly active: string[] = [];

  constructor(
    private readonly assembly: CloudAssembly,
    private readonly facts: LiveFacts,
  ) {}

  /** The properties of a resource, evaluated where they are read. */
  public read(resource: Resource): Reader {
    const path = `${resource.key} (${resource.type})`;
    return new Reader(resource.properties, path, (value, at) => this.evaluate(resource.stack, value, at));
  }

  /** False for a resource whose condition excludes it. */
  public exists(resource: Resource): boolean {
    return resource.body.Condition === undefined || this.condition(resource.stack, resource.body.Condition, resource.key);
  }

  public resources(type: string): Resource[] {
    return this.assembly.resources(type).filter((resource) => this.exists(resource));
  }

  /** Evaluate a value with everything below it. */
  public evaluate(stack: StackTemplate, value: Json, path: string): Json | undefined {
    if (Array.isArray(value)) {
      return value.map((item, i) => this.evaluate(stack, item, `${path}[${i}]`)).filter((item) => item !== undefined);
    }
    if (!isObject(value)) return value;
    const [name, ...others] = Object.keys(value);
    if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return this.call(stack, name, value[name], path);
    // Branches stay unevaluated: whoever reads them evaluates them, or nobody does.
    return value;
  }

  private call(stack: StackTemplate, name: string, argument: Json, path: string): Json | undefined {
    const deep = (value: Json) => this.deep(stack, value, path);
    const list = () => asList(deep(argument), name, path);
    switch (name) {
      case 'Ref':
        return this.ref(stack, text(argument), path);
      case 'Fn::GetAtt': {
        const [id, ...attribute] =
          typeof argument === 'string' ? argument.split('.') : asList(deep(argument), name, path).map(text);
        return this.attribute(stack, id, attribute.join('.'), path);
      }
      case 'Fn::Sub':
        return this.substitute(stack, argument, path);
      case 'Fn::Join': {
        const [delimiter, values] = list();
        return asList(values, name, path).map(text).join(text(delimiter));
      }
      case 'Fn::Select': {
        const [index, values] = list();
        const chosen = asList(values, name, path)[Number(index)];
        if (chosen === undefined) throw new Error(`${path}: Fn::Select has no element ${text(index)}`);
        return chosen;
      }
      case 'Fn::Split': {
        const [delimiter, source] = list();
        return text(source).split(text(delimiter));
      }
      case 'Fn::If': {
        const [condition, yes, no] = asList(argument, name, path);
        return this.evaluate(stack, this.condition(stack, text(condition), path) ? yes : no, path);
      }
      case 'Fn::Base64':
        return Buffer.from(text(deep(argument) ?? '')).toString('base64');
      case 'Fn::FindInMap': {
        const [map, top, second] = list().map(text);
        const found = stack.body.Mappings?.[map]?.[top]?.[second];
        if (found === undefined) throw new Error(`${path}: Fn::FindInMap finds nothing at ${map}.${top}.${second}`);
        return found;
      }
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((letter) => `${stack.region}${letter}`);
      case 'Fn::ImportValue':
        return this.imported(text(deep(argument) ?? ''), path);
      case 'Fn::GetStackOutput':
        return this.stackOutput(asObject(deep(argument), name, path), path);
      default:
        throw new Error(`${path}: the local run does not know the intrinsic function ${name}`);
    }
  }

  /** An argument with nothing left to evaluate, for functions that need the whole of it. */
  private deep(stack: StackTemplate, value: Json, path: string): Json {
    const result = this.evaluate(stack, value, path);
    if (Array.isArray(result)) return result.map((item) => this.deep(stack, item, path));
    if (!isObject(result)) return result ?? '';
    return Object.fromEntries(Object.entries(result).map(([key, item]) => [key, this.deep(stack, item, path)]));
  }

  private ref(stack: StackTemplate, id: string, path: string): Json | undefined {
    if (id.startsWith('AWS::')) return pseudoParameter(stack, id, path);
    const parameter = stack.body.Parameters?.[id];
    if (parameter) {
      if (parameter.Default === undefined) {
        throw new Error(`${path}: parameter ${id} has no default, and the local run passes none`);
      }
      return parameter.Default;
    }
    const resource = this.resource(stack, id, path);
    return this.once(`Ref ${resource.key}`, path, () => refOf(resource, this.read(resource), this.facts, path));
  }

  private attribute(stack: StackTemplate, id: string, attribute: string, path: string): Json {
    const resource = this.resource(stack, id, path);
    return this.once(`GetAtt ${resource.key}.${attribute}`, path, () =>
      getAttribute(resource, attribute, this.read(resource), this.facts, path),
    );
  }

  private resource(stack: StackTemplate, id: string, path: string): Resource {
    const body = stack.body.Resources?.[id];
    if (!body) throw new Error(`${path}: ${stack.name} has no resource or parameter ${JSON.stringify(id)}`);
    return new Resource(stack, id, body);
  }

  private substitute(stack: StackTemplate, argument: Json, path: string): string {
    const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return text(template).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (isObject(variables) && name in variables) return text(this.deep(stack, variables[name], path));
      const value = name.includes('.') ? this.call(stack, 'Fn::GetAtt', name, path) : this.ref(stack, name, path);
      return text(value ?? '');
    });
  }

  private condition(stack: StackTemplate, name: string, path: string): boolean {
    const body = stack.body.Conditions?.[name];
    if (body === undefined) throw new Error(`${path}: ${stack.name} has no condition ${JSON.stringify(name)}`);
    return this.once(`condition ${stack.name}/${name}`, path, () => this.test(stack, body, path));
  }

  private test(stack: StackTemplate, body: Json, path: string): boolean {
    if (!isObject(body)) return text(body) === 'true';
    const [[name, argument]] = Object.entries(body);
    const tests = () => asList(argument, name, path).map((item) => this.test(stack, item, path));
    switch (name) {
      case 'Condition':
        return this.condition(stack, text(argument), path);
      case 'Fn::Equals': {
        const [left, right] = asList(argument, name, path).map((item) => text(this.deep(stack, item, path)));
        return left === right;
      }
      case 'Fn::And':
        return tests().every(Boolean);
      case 'Fn::Or':
        return tests().some(Boolean);
      case 'Fn::Not':
        return !tests()[0];
      default:
        throw new Error(`${path}: the local run does not know the condition function ${name}`);
    }
  }

  private imported(name: string, path: string): Json {
    for (const stack of this.assembly.stacks) {
      for (const [id, output] of Object.entries(stack.body.Outputs ?? {})) {
        if (output.Export && text(this.deep(stack, output.Export.Name, `${stack.name}.Outputs.${id}`)) === name) {
          return this.deep(stack, output.Value, `${stack.name}.Outputs.${id}`);
        }
      }
    }
    throw new Error(`${path}: no stack of the assembly exports ${JSON.stringify(name)}`);
  }

  private stackOutput(argument: JsonObject, path: string): Json {
    const stack = this.assembly.stacks.find((candidate) => candidate.name === text(argument.StackName));
    const output = stack?.body.Outputs?.[text(argument.OutputName)];
    if (!stack || !output) {
      throw new Error(`${path}: no output ${text(argument.OutputName)} in a stack named ${text(argument.StackName)}`);
    }
    return this.deep(stack, output.Value, `${stack.name}.Outputs.${text(argument.OutputName)}`);
  }

  /** Refuse a value that depends on itself instead of running out of stack. */
  private once<T>(what: string, path: string, evaluate: () => T): T {
    if (this.active.includes(what)) throw new Error(`${path}: circular reference: ${[...this.active, what].join(' -> ')}`);
    this.active.push(what);
    try {
      return evaluate();
    } finally {
      this.active.pop();
    }
  }
}

function pseudoParameter(stack: StackTemplate, name: string, path: string): Json | undefined {
  const id = `arn:aws:cloudformation:${stack.region}:${stack.account}:stack/${stack.name}/local`;
  const values: Record<string, Json | undefined> = {
    'AWS::AccountId': stack.account,
    'AWS::Region': stack.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': id,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };
  if (!(name in values)) throw new Error(`${path}: the local run does not know the pseudo parameter ${name}`);
  return values[name];
}

function asList(value: Json, name: string, path: string): Json[] {
  if (!Array.isArray(value)) throw new Error(`${path}: ${name} needs a list, got ${JSON.stringify(value)}`);
  return value;
}

function asObject(value: Json, name: string, path: string): JsonObject {
  if (!isObject(value)) throw new Error(`${path}: ${name} needs an object, got ${JSON.stringify(value)}`);
  return value;
}
