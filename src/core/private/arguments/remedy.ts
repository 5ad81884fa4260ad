import { closest } from '../names';
import { CALLS } from './calls';
import { anyExampleOf, endpointOf, exampleOf, has } from './examples';
import { Member, Type, cdkMembersOf, isTelling, membersOf, propsOf, typeNamed, valuesOf } from './types';

/** Values of interfaces for which no code can be given. */
const DESCRIPTIONS: Record<string, string | undefined> = {
  IEndpoint: 'a store, a database, a route or a port of a service',
  IRoutable: 'a port of a service, such as `service.port("http")`',
};
/** Classes whose name is also that of another one. */
const QUALIFIED: Record<string, string | undefined> = { Secret: 'ecs.Secret' };
/** Enums with more values are known by their name. */
const MAX_SAID_VALUES = 25;

/** A type in words: `a number`, `a list of strings`, `a Duration`. */
export function said({ name, isList, isMap }: Type): string {
  const known = valuesOf(name);
  const values = known && known.length <= MAX_SAID_VALUES ? known : undefined;
  if (isList) return values ? `a list of ${choice(values)}` : `a list of ${plural(name)}`;
  if (isMap) return `an object whose values are ${plural(name)}`;
  if (values) return choice(values);
  if (name === 'number') return 'a finite number';
  return typeNamed(name).props ? `an object with the props of ${name}` : withArticle(name);
}

/** Returns the remedy for a value of another type at the path of a prop. */
export function remedy(type: Type, value: unknown, path: string): string {
  const { name, isList, isMap } = type;
  if (value === null) return `specify ${said(type)}, or omit it if it is optional`;
  if (isList) return 'put it in brackets: `[...]`';
  if (isMap) return 'specify a name and a value for each, in braces: `{ name: value }`';
  const values = valuesOf(name);
  if (values) return remedyOfEnum(name, values, value);
  if (name === 'number' && isNumeric(value)) return 'omit the quotes';
  if (name === 'string' && typeof value === 'number') return 'put it in quotes';
  const prop = /(\w+)(\[\d+\])?\)?$/.exec(path)?.[1] ?? '';
  if (typeNamed(name).props) return remedyOfStruct(name, value, path);
  const example = exampleOf(name, value, prop);
  if (example) return `specify \`${example}\``;
  if (name === 'IEndpoint' || name === 'IRoutable') return remedyOfEndpoint(name, value);
  const code = anyExampleOf(name) ?? factoryOf(name, value);
  return `specify ${code ? `a value such as \`${code}\`` : said(type)}`;
}

function remedyOfEnum(name: string, values: (string | number)[], value: unknown): string {
  const members = cdkMembersOf(name);
  if (!members) {
    const meant = typeof value === 'string' ? closest(value.toLowerCase(), values.map(String)) : undefined;
    return meant ? `did you mean ${JSON.stringify(meant)}?` : 'specify one of them';
  }
  const meant = typeof value === 'string' && value !== '' ? meantMember(value, members) : undefined;
  return meant ? `did you mean \`${name}.${meant}\`?` : `specify a value of \`${name}\``;
}

/** The member whose name or value is that of a text, begins with it, or is like it. */
function meantMember(text: string, members: Record<string, string | number>): string | undefined {
  const wanted = text.toLowerCase();
  const names = Object.entries(members).flatMap(([member, value]) =>
    [member, `${value}`].map((each) => [each.toLowerCase(), member]),
  );
  const same = names.find(([each]) => each === wanted) ?? names.find(([each]) => wanted.length > 2 && each.startsWith(wanted));
  const like =
    same ??
    names.find(
      ([each]) =>
        each ===
        closest(
          wanted,
          names.map(([known]) => known),
        ),
    );
  return like?.[1];
}

function remedyOfStruct(struct: string, value: unknown, path: string): string {
  const { props } = propsOf(struct);
  const [taker] = props.filter((each) => takes(each, value)).sort((one, other) => weight(other) - weight(one));
  if (taker) {
    const outer = /(?:^|\.)(\w+)$/.exec(path)?.[1];
    const inner = `{ ${taker.name}: ${taker.type.isList ? '[...]' : outer && outer !== 'props' ? outer : '...'} }`;
    return `specify \`${outer && outer !== 'props' ? `${outer}: ${inner}` : inner}\``;
  }
  return `specify an object with some of ${props.map(({ name }) => `\`${name}\``).join(', ')}`;
}

/** Returns true if a prop takes a value for what it is, and not as any object. */
function takes({ type }: Member, value: unknown): boolean {
  if (type.isMap || typeof value !== 'object') return false;
  return isTelling(type.name) && typeNamed(type.name).accepts(value);
}

/** More for a type of which more is known. */
function weight({ type }: Member): number {
  return type.isList ? 0 : type.name.length;
}

function remedyOfEndpoint(name: string, value: unknown): string {
  const endpoint = name === 'IEndpoint' ? endpointOf(value) : undefined;
  if (endpoint) return `specify ${endpoint}`;
  return `specify ${hasPorts(value) ? 'one of its ports: `.port("http")`' : `a value such as ${DESCRIPTIONS[name]!}`}`;
}

/** The factory whose name the value is, such as "FARGATE_SPOT"; else the first, one with parameters if there is one. */
function factoryOf(name: string, value: unknown): string | undefined {
  const factories = Object.keys(CALLS).filter((key) => key.startsWith(`${name}.`) && !key.endsWith('.new'));
  const wanted = typeof value === 'string' ? value.replace(/[^A-Za-z0-9]/g, '').toLowerCase() : undefined;
  const factory =
    factories.find((key) => key.slice(name.length + 1).toLowerCase() === wanted) ??
    factories.find((key) => CALLS[key] !== '') ??
    factories[0];
  if (factory === undefined) return undefined;
  const isBare = membersOf(CALLS[factory]!).every(({ isOptional }) => isOptional);
  const isMeant = wanted === factory.slice(name.length + 1).toLowerCase();
  return `${factory}(${CALLS[factory] === '' || (isBare && isMeant) ? '' : '...'})`;
}

function choice(values: (string | number)[]): string {
  return `one of ${values.map((each) => JSON.stringify(each)).join(', ')}`;
}

function plural(name: string): string {
  return /^(string|number|boolean)$/.test(name) ? `${name}s` : name === 'any' ? 'values' : (QUALIFIED[name] ?? name);
}

function withArticle(name: string): string {
  const known = QUALIFIED[name] ?? name;
  return `${/^[AEIOe]/.test(known) ? 'an' : 'a'} ${known}`;
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

function hasPorts(value: unknown): boolean {
  return has(value, 'port') && typeof value.port === 'function';
}
