import { IConstruct } from 'constructs';
import { validationError } from '../core/private/errors';

/**
 * Which runs of a repository's workflows are meant: the end of the `sub` claim of their token, compared letter by letter.
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
   * Jobs that name this environment, whatever their branch: limit the environment to branches in the settings of the repository.
   *
   * @param name name of the environment, without `*`
   */
  public static environment(name: string): GitHubSubject {
    // GitHub escapes colons in the claim.
    return new GitHubSubject('environment', name, `environment:${name.replace(/:/g, '%3A')}`);
  }

  /**
   * Jobs on this branch that name no environment. Jobs for pull requests are not among them.
   *
   * @param name name of the branch, without `*`
   */
  public static branch(name: string): GitHubSubject {
    return new GitHubSubject('branch', name, `ref:refs/heads/${name}`);
  }

  /**
   * Jobs for this tag that name no environment.
   *
   * @param name name of the tag, without `*`
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
   * The whole claim.
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
