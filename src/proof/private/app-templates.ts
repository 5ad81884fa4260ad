import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ProofResource } from './proof-resource';
import { AppTemplates as Templates, Resource } from '../../template/private/app-templates';
import { readAssemblies, readAssembly } from '../../template/private/assembly';

/** The templates of an app as they are deployed: after aspects, with exports and imports resolved across stacks. */
export class AppTemplates {
  /** Reads the templates. With `stacks`, it reads only these and the nested stacks in them, as if the others were not deployed yet. */
  public static of(scope: IConstruct, stacks?: Stack[]): AppTemplates {
    const { directory } = (scope.node.root as Stage).synth();
    const within = (path: string) => !stacks || stacks.some(({ node }) => `${path}/`.startsWith(`${node.path}/`));
    return new AppTemplates(readAssembly(directory, within));
  }

  /** Reads the templates of several apps that were synthesized each alone, as one. */
  public static ofAssemblies(folders: string[]): AppTemplates {
    return new AppTemplates(readAssemblies(folders));
  }

  private readonly known = new Map<Resource, ProofResource>();

  private constructor(public readonly templates: Templates) {}

  public all(...types: string[]): ProofResource[] {
    return types.flatMap((type) => this.templates.all(type)).map((resource) => this.of(resource));
  }

  private of(resource: Resource): ProofResource {
    const found = this.known.get(resource) ?? new ProofResource(resource, (other) => this.of(other));
    this.known.set(resource, found);
    return found;
  }
}
