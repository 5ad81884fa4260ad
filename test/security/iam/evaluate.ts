import { Statement } from './documents';
import { wildcard } from './reference';

/** What somebody asks of AWS. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request; what is left out is not in it. */
  readonly context?: Record<string, string[]>;
}

type Operator = (asked: string[] | undefined, listed: string[]) => boolean;

const anyOf =
  (matches: (asked: string, listed: string) => boolean): Operator =>
  (asked, listed) =>
    (asked ?? []).some((one) => listed.some((other) => matches(one, other)));
const equal = (asked: string, listed: string) => asked === listed;
const like = (asked: string, listed: string) => wildcard(listed, '').test(asked);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, as far as our policies use them. */
const OPERATORS: Record<string, Operator> = {
  StringEquals: anyOf(equal),
  StringLike: anyOf(like),
  ArnEquals: anyOf(like),
  ArnLike: anyOf(like),
  Null: (asked, [absent]) => (asked === undefined) === (absent === 'true'),
  'ForAllValues:StringEquals': (asked = [], listed) => asked.every((one) => listed.includes(one)),
};

/** Whether the statements of a role allow a request; what nobody allows is denied, and a denial counts first. */
export function isAllowed(statements: Statement[], request: Request): boolean {
  const effects = statements.filter((statement) => applies(statement, request)).map(({ effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies({ actions, resources, conditions }: Statement, { action, resource, context = {} }: Request): boolean {
  return (
    actions.some((one) => wildcard(one).test(action)) &&
    (resources ?? ['*']).some((one) => like(resource, one)) &&
    conditions.every(([operator, key, listed]) => {
      if (!OPERATORS[operator]) throw new Error(`the operator ${operator} is not known here`);
      return OPERATORS[operator](context[key], listed);
    })
  );
}
