import { Stack } from 'aws-cdk-lib';
import { AddToPrincipalPolicyResult, IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Dependable, IConstruct } from 'constructs';
import { validateAtSynth, warn } from './errors';

/**
 * Returns an existing role as the role of tasks. CDK ignores statements for a role that it may not change and reports success, so the role
 * remembers those that reach no policy of the template, and a warning lists them.
 *
 * @param owner construct whose tasks have the role
 * @param prop prop with which the user passed the role
 */
export function rememberStatements(owner: IConstruct, prop: string, role: IRole): IRole {
  // A role of the app takes every statement, and says where only at the end.
  if (role instanceof Role) return role;
  const left: PolicyStatement[] = [];
  const addToPrincipalPolicy = (statement: PolicyStatement): AddToPrincipalPolicyResult => {
    const result = role.addToPrincipalPolicy(statement);
    if (isInNoPolicy(result)) left.push(statement);
    return result;
  };
  const watched = Object.create(role, {
    addToPrincipalPolicy: { value: addToPrincipalPolicy },
    addToPolicy: { value: (statement: PolicyStatement) => addToPrincipalPolicy(statement).statementAdded },
    grantPrincipal: { get: () => watched },
  }) as IRole;
  validateAtSynth(owner, 'RoleStatementsLeft', () => {
    if (left.length > 0) warn(owner, 'RoleStatementsLeft', textOf(owner, prop, role, left));
    return [];
  });
  return watched;
}

/** Returns true if nothing in the template contains the statement. */
function isInNoPolicy({ policyDependable }: AddToPrincipalPolicyResult): boolean {
  return policyDependable === undefined || Dependable.of(policyDependable).dependencyRoots.length === 0;
}

function textOf(owner: IConstruct, prop: string, role: IRole, left: PolicyStatement[]): string {
  const stack = Stack.of(owner);
  const statements = left.map((statement) => JSON.stringify(stack.resolve(statement.toStatementJson())));
  const arn = stack.resolve(role.roleArn) as unknown;
  const name = typeof arn === 'string' ? arn : role.node.path;
  return (
    `\`${prop}\` (${name}) cannot be changed from here, so its owner must add these statements, or tasks fail without them:\n` +
    [...new Set(statements)].sort().join('\n')
  );
}
