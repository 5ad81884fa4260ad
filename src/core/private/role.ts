import {
  AddToPrincipalPolicyResult,
  IRole,
  ManagedPolicy,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  RoleProps,
} from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { Compliance } from '../compliance';

/** Creates a role whose grants go into an inline or a managed policy, as the compliance of its scope requires. */
export function createRole(scope: Construct, id: string, props: RoleProps): Role {
  return Compliance.of(scope).isStrict ? new RoleWithManagedPolicy(scope, id, props) : new Role(scope, id, props);
}

/** Creates a policy that is not a child of the role, because it names a resource that depends on the role. */
export function createPolicy(scope: Construct, id: string, role: IRole, statements: PolicyStatement[]): IConstruct {
  const props = { roles: [role], statements };
  return Compliance.of(scope).isStrict ? new ManagedPolicy(scope, id, props) : new Policy(scope, id, props);
}

/**
 * A role without inline policies: grants go into one managed policy of at most 6,144 characters. The policy is a child of the role, so a
 * dependency on the role includes its permissions.
 */
class RoleWithManagedPolicy extends Role {
  private managed?: ManagedPolicy;

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.managed ??= new ManagedPolicy(this, 'Policy', { roles: [this], document: new PolicyDocument({ minimize: true }) });
    this.managed.addStatements(statement);
    return { statementAdded: true, policyDependable: this.managed };
  }
}
