import { Annotations, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isPending } from './unknown';

/** The parts of an error message: the prop, its value, the rule that it breaks, and the remedy. */
export interface Violation {
  /** The path of the prop, such as `containers[0].ports[1].name`; several where they do not fit together. */
  readonly prop: string | string[];
  /** The rule as it reads after "must": `be between 1 and 65535`. */
  readonly must: string;
  /** The value received; rendered as JSON. */
  readonly got?: unknown;
  /** The remedy, as an imperative. */
  readonly fix: string;
}

/**
 * Creates an error that names the prop, rule, value, remedy and construct. The ID is API: docs/errors.md lists every ID, and
 * test/architecture.test.ts compares the list with the calls of this function.
 *
 * @param scope construct, its path if it does not exist yet, or undefined for a value that belongs to none yet
 */
export function validationError(scope: IConstruct | string | undefined, id: string, violation: Violation): Error {
  const path = typeof scope === 'object' ? scope.node.path || 'App' : scope;
  // What only the deployment knows breaks no rule, but this one.
  const [broken, rule] = hasToken(violation.got) ? [mustBeKnown(violation.prop), 'KnownAtSynthesis'] : [violation, id];
  return new Error(`${sentence(broken)} [${rule}${path === undefined ? '' : ` at ${path}`}]`);
}

/** Returns the rule for a value with which the library or CDK has to compute. */
export function mustBeKnown(prop: string | string[]): Violation {
  return {
    prop,
    must: 'be known at synthesis',
    got: 'a token',
    fix: 'specify the value itself, such as one from the context; the value of a template parameter is known only at deployment',
  };
}

/** Reports at the end of synthesis what cannot be known earlier. `check` returns violations; an empty list means that all is well. */
export function validateAtSynth(scope: IConstruct, id: string, check: () => Violation[]): void {
  scope.node.addValidation({ validate: () => check().map((violation) => `${sentence(violation)} [${id}]`) });
}

/** Adds a warning with a stable ID, for a setting that is valid but risky. */
export function warn(scope: IConstruct, id: string, text: string): void {
  Annotations.of(asPartOf(scope)).addWarningV2(`cdk-ecs-mesh:${id}`, text.replace(TOKEN, 'a token'));
}

/**
 * Returns a view of a construct with the path of one in it. For a warning that comes after its acknowledgement, as all at the end of
 * synthesis do, CDK asks only the scopes of the construct: https://github.com/aws/aws-cdk/issues/38820.
 */
function asPartOf(scope: IConstruct): IConstruct {
  const { node: own } = scope;
  const node: unknown = Object.create(own, {
    path: { value: `${own.path}/Warning` },
    addMetadata: { value: own.addMetadata.bind(own) },
  });
  return Object.create(scope, { node: { value: node } }) as IConstruct;
}

/** Throws unless `value` is absent, a token, or a whole number within the bounds. */
export function requireInteger(
  scope: IConstruct,
  id: string,
  prop: string,
  value: number | undefined,
  min: number,
  max: number,
): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < min || value > max) {
    throw validationError(scope, id, {
      prop,
      must: `be a whole number from ${min} to ${max}`,
      got: value,
      fix: 'choose a value in that range',
    });
  }
}

/** Renders a value as JSON. JSON has no literal for numbers such as NaN and would render null. */
function render(value: unknown): string {
  if (typeof value !== 'number') {
    return JSON.stringify(value, (_, each) => (typeof each === 'number' && !Number.isFinite(each) ? `${each}` : each));
  }
  return Object.is(value, -0) ? '-0' : `${value}`;
}

function sentence({ prop, must, got, fix }: Violation): string {
  const received = got === undefined ? '' : `, got ${render(got)}`;
  const props = [prop].flat().map((path) => `\`${path}\``);
  const remedy = isPending(render(got)) ? DEFAULT_OF_LOOKUP : fix;
  return `${props.join(' and ')} must ${must}${received}; ${remedy}`.replace(TOKEN, 'a token');
}

/** A token as CDK writes it into texts, also after a change of case. */
const TOKEN = /[$#]\{token\[[^\]]*\]\}/gi;

const DEFAULT_OF_LOOKUP =
  'the parameter is still to be looked up: pass a value of this form as third argument of `StringParameter.valueFromLookup`';

function hasToken(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasToken);
  return Token.isUnresolved(value) || (typeof value === 'string' && value.search(TOKEN) >= 0);
}
