import { InjectionContext, IPropertyInjector } from 'aws-cdk-lib';

/** An injector that overrides props, and records the constructs that it is called for. */
export class Override implements IPropertyInjector {
  public readonly paths: string[] = [];

  constructor(
    public readonly constructUniqueId: string,
    private readonly change: object,
  ) {}

  public inject(props: object | undefined, { scope, id }: InjectionContext): object {
    this.paths.push(`${scope.node.path}/${id}`);
    return { ...props, ...this.change };
  }
}
