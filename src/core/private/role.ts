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

/** A role whose grants go where the compliance of its place wants them: into an inline or a managed policy. */
export function createRole(scope: Construct, id: string, props: RoleProps): Role {
  return Compliance.of(scope).isStrict ? new RoleWithManagedPolicy(scope, id, props) : new Role(scope, id, props);
}

/** A policy that is not the role's own child: it names what the role is made before. */
export function createPolicy(scope: Construct, id: string, role: IRole, statements: PolicyStatement[]): IConstruct {
  const props = { roles: [role], statements };
  return Compliance.of(scope).isStrict ? new ManagedPolicy(scope, id, props) : new Policy(scope, id, props);
}

/**
 * A role without an inline policy: what is granted to it goes into one managed policy, of at most 6,144 characters. The policy is a
 * child of the role, so whoever waits for the role waits for its rights too.
 */
class RoleWithManagedPolicy extends Role {
  private managed?: ManagedPolicy;

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.managed ??= new ManagedPolicy(this, 'Policy', { roles: [this], document: new PolicyDocument({ minimize: true }) });
    this.managed.addStatements(statement);
    return { statementAdded: true, policyDependable: this.managed };
  }
}
