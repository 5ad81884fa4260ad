import { Stack } from 'aws-cdk-lib';
import { AddToPrincipalPolicyResult, IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Dependable, IConstruct } from 'constructs';
import { validateAtSynth, validationError, warn } from './errors';
import { statementText } from './statement-text';
import { isUnknown } from './unknown';

/**
 * Returns an existing role as the role of tasks. CDK ignores statements for a role that it may not change and reports success, so the role
 * remembers those that reach no policy of the template, and a warning lists them.
 *
 * @param owner construct whose tasks have the role
 * @param prop prop with which the user passed the role
 */
export function rememberStatements(owner: IConstruct, prop: string, role: IRole): IRole {
  requireOwnAccount(owner, prop, role);
  // A role of the app takes every statement, and says where only at the end.
  if (role instanceof Role) return role;
  const left: PolicyStatement[] = [];
  const added: PolicyStatement[] = [];
  const addToPrincipalPolicy = (statement: PolicyStatement): AddToPrincipalPolicyResult => {
    const result = role.addToPrincipalPolicy(statement);
    (isInNoPolicy(result) ? left : added).push(statement);
    return result;
  };
  const watched = Object.create(role, {
    addToPrincipalPolicy: { value: addToPrincipalPolicy },
    addToPolicy: { value: (statement: PolicyStatement) => addToPrincipalPolicy(statement).statementAdded },
    grantPrincipal: { get: () => watched },
  }) as IRole;
  validateAtSynth(owner, 'RoleStatementsLeft', () => {
    if (left.length > 0) warn(owner, 'RoleStatementsLeft', textOf(owner, prop, role, left));
    if (added.length > 0 && isNameGuessed(role)) warn(owner, 'RoleNameGuessed', guessText(prop, role));
    return [];
  });
  return watched;
}

/**
 * Rejects a role of another account. A role can be passed to a service in its own account only; to use one of another account, the code in the
 * task assumes it: https://repost.aws/knowledge-center/ecs-iam-role-another-account
 */
function requireOwnAccount(owner: IConstruct, prop: string, role: IRole): void {
  const { account } = Stack.of(owner);
  if (isUnknown(account) || isUnknown(role.env.account) || role.env.account === account) return;
  throw validationError(owner, 'RoleOfOtherAccount', {
    prop,
    must: `be a role of the account of the tasks (${account})`,
    got: role.roleArn,
    fix: 'leave it out or give one of this account, and let the code in the task assume the other one',
  });
}

/** Returns true if the ARN is known at deployment only: CDK takes what follows the first slash, which is the path if the role has one. */
function isNameGuessed(role: IRole): boolean {
  const name = Stack.of(role).resolve(role.roleName) as { readonly 'Fn::Select'?: [number, unknown] } | string;
  return typeof name === 'object' && name['Fn::Select']?.[0] === 1;
}

function guessText(prop: string, { node }: IRole): string {
  return (
    `\`${prop}\` (${node.path}) has an ARN that is known only at deployment, so CDK takes what follows its first "/" as its name. A policy for a ` +
    'role with a path then fails to deploy: give the ARN itself, or import the role with `mutable: false` and let its owner add the statements.'
  );
}

/** Returns true if nothing in the template contains the statement. */
function isInNoPolicy({ policyDependable }: AddToPrincipalPolicyResult): boolean {
  return policyDependable === undefined || Dependable.of(policyDependable).dependencyRoots.length === 0;
}

function textOf(owner: IConstruct, prop: string, role: IRole, left: PolicyStatement[]): string {
  const stack = Stack.of(owner);
  const statements = left.map((statement) => statementText(owner, statement));
  const arn = stack.resolve(role.roleArn) as unknown;
  const name = typeof arn === 'string' ? arn : role.node.path;
  return (
    `\`${prop}\` (${name}) cannot be changed from here, so its owner must add these statements, or tasks fail without them:\n` +
    [...new Set(statements)].sort().join('\n')
  );
}
