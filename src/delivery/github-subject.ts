import { IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';
import { guard } from '../core/private/guard';

/**
 * The workflow runs of a repository that can assume a role: the last part of the `sub` claim of their token, compared exactly.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 *
 * @example
 * new GitHubDeployRole(this, 'Deploy', {
 *   repository: 'acme/shop',
 *   subjects: [GitHubSubject.environment('production'), GitHubSubject.branch('main')],
 * });
 */
export class GitHubSubject {
  /**
   * Jobs that name this environment, whatever their branch. Limit the environment to branches in the settings of the repository.
   *
   * @param name name of the environment; `*` is not allowed
   */
  public static environment(name: string): GitHubSubject {
    // GitHub escapes colons in the claim.
    return new GitHubSubject('environment', name, `environment:${name.replace(/:/g, '%3A')}`);
  }

  /**
   * Jobs on this branch that name no environment. Jobs for pull requests are not included.
   *
   * @param name name of the branch; `*` is not allowed
   */
  public static branch(name: string): GitHubSubject {
    return new GitHubSubject('branch', name, `ref:refs/heads/${name}`);
  }

  /**
   * Jobs for this tag that name no environment.
   *
   * @param name name of the tag; `*` is not allowed
   */
  public static tag(name: string): GitHubSubject {
    return new GitHubSubject('tag', name, `ref:refs/tags/${name}`);
  }

  private constructor(
    private readonly kind: string,
    private readonly name: string,
    private readonly claim: string,
  ) {}

  /**
   * Returns the complete claim.
   *
   * @internal
   */
  public _claim(scope: IConstruct, repository: string): string {
    if (this.name === '' || /[*?\s]/.test(this.name)) {
      throw validationError(scope, 'GitHubSubject', {
        prop: 'subjects',
        must: `name one ${this.kind} in full, without \`*\`, \`?\` and spaces`,
        got: this.name,
        fix: 'list each name as a subject of its own; for a changing set of branches use `GitHubSubject.environment`',
      });
    }
    return `repo:${repository}:${this.claim}`;
  }
}

guard({ GitHubSubject });
