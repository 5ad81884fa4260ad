import { closest } from '../names';
import { CALLS } from './calls';
import { Type, typeNamed, valuesOf } from './types';

/** Examples of values of the CDK's classes; those of our own have factories in the table. */
const EXAMPLES: Record<string, string | undefined> = {
  Duration: '`Duration.seconds(60)`',
  Size: '`Size.gibibytes(30)`',
  ContainerImage: '`ecs.ContainerImage.fromRegistry("nginx")`',
  InstanceType: '`new ec2.InstanceType("t4g.small")`',
  IEndpoint: 'a store, a database, a route or a port of a service',
  IRoutable: 'a port of a service, such as `service.port("http")`',
};

/** The endpoints of constructs that are none themselves, by a member that tells such a construct apart. */
const ENDPOINTS: Record<string, string> = {
  queueEndpoint: 'its `queueEndpoint`',
  bucketArn: '`Endpoint.bucket(...)` with it',
  secretArn: '`Endpoint.secret(...)` with it',
  parameterArn: '`Endpoint.parameter(...)` with it',
};

/** A type in words: `a number`, `a list of strings`, `a Duration`. */
export function said({ name, isList, isMap }: Type): string {
  const values = valuesOf(name);
  if (isList) return values ? `a list of ${choice(values)}` : `a list of ${plural(name)}`;
  if (isMap) return `an object whose values are ${plural(name)}`;
  if (values) return choice(values);
  if (name === 'number') return 'a finite number';
  return typeNamed(name).props ? `an object with the props of ${name}` : withArticle(name);
}

/** Returns the remedy for a value of another type. */
export function remedy(type: Type, value: unknown): string {
  const { name, isList, isMap } = type;
  if (value === null) return `specify ${said(type)}, or omit it if it is optional`;
  if (isList) return 'put it in brackets: `[...]`';
  if (isMap) return 'specify a name and a value for each, in braces: `{ name: value }`';
  const values = valuesOf(name);
  if (values) {
    const meant = typeof value === 'string' ? closest(value.toLowerCase(), values) : undefined;
    return meant ? `did you mean ${JSON.stringify(meant)}?` : 'specify one of them';
  }
  if (name === 'number' && isNumeric(value)) return 'omit the quotes';
  if (name === 'string' && typeof value === 'number') return 'put it in quotes';
  const wrapper = name === 'IEndpoint' ? Object.keys(ENDPOINTS).find((member) => has(value, member)) : undefined;
  if (wrapper) return `specify ${ENDPOINTS[wrapper]}`;
  if (hasPorts(value) && (name === 'IEndpoint' || name === 'IRoutable')) return 'specify one of its ports: `.port("http")`';
  const example = EXAMPLES[name] ?? factoryOf(name);
  return `specify ${example ? `a value such as ${example}` : said(type)}`;
}

function factoryOf(name: string): string | undefined {
  const factory = Object.keys(CALLS).find((key) => key.startsWith(`${name}.`) && !key.endsWith('.new'));
  return factory && `\`${factory}(...)\``;
}

function choice(values: string[]): string {
  return `one of ${values.map((each) => JSON.stringify(each)).join(', ')}`;
}

function plural(name: string): string {
  return /^(string|number|boolean)$/.test(name) ? `${name}s` : name === 'any' ? 'values' : name;
}

function withArticle(name: string): string {
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`;
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

function hasPorts(value: unknown): boolean {
  return has(value, 'port') && typeof value.port === 'function';
}

function has<K extends string>(value: unknown, member: K): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && member in value;
}
