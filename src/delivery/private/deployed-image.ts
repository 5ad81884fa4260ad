import { Aws, CfnCondition, CfnParameter, Fn, IResolvable, Lazy, Stack } from 'aws-cdk-lib';
import { IRepository } from 'aws-cdk-lib/aws-ecr';
import { CfnTaskDefinition, ContainerDefinition, ContainerImage, ContainerImageConfig } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { ConstructState } from '../../core/private/construct-state';
import { grantPullByName } from '../../core/private/ecr-image';
import { validationError } from '../../core/private/errors';
import { recordPlaceholder } from '../../core/private/placeholders';

/** The command and health check of a container while the placeholder stands in for its image. The image decides what is left out. */
export interface PlaceholderCommand {
  readonly entryPoint?: string[];
  readonly command?: string[];
  readonly healthCheck?: string[];
}

export interface DeployedImageProps {
  readonly repository: IRepository;
  /** The logical ID of the parameter for the tag. */
  readonly tagParameter: string;
  readonly placeholder?: { readonly image: string; readonly run: (ports: string[]) => PlaceholderCommand };
}

/** The repository that the tag of a parameter belongs to. */
const owner = new ConstructState<IRepository | undefined>('tagParameterOwner', () => undefined);

/** The tag that indicates that no image has been deployed. */
const NOTHING = 'placeholder';

/** An image whose tag is a parameter of the stack, so that CloudFormation remembers the tag that was last deployed. */
export class DeployedImage extends ContainerImage {
  constructor(private readonly props: DeployedImageProps) {
    super();
  }

  public bind(_scope: Construct, container: ContainerDefinition): ContainerImageConfig {
    const { repository, tagParameter, placeholder } = this.props;
    repository.grantPull(container.taskDefinition.obtainExecutionRole());
    const stack = Stack.of(container);
    const tag = this.parameterOf(stack, container);
    const imageName = repository.repositoryUriForTag(tag.valueAsString);
    if (!placeholder) return { imageName };

    grantPullByName(container, container.taskDefinition.obtainExecutionRole(), placeholder.image);
    const isEmpty = conditionOf(stack, `${tagParameter}IsPlaceholder`, tag);
    recordPlaceholder(container.taskDefinition, isEmpty);
    this.switchCommands(container, isEmpty);
    return { imageName: either(isEmpty, placeholder.image, imageName).toString() };
  }

  /**
   * Returns the parameter, a direct child of the stack with a name that people and workflows can write. Services that run the same image
   * share it.
   */
  private parameterOf(stack: Stack, container: Construct): CfnParameter {
    const { repository, tagParameter, placeholder } = this.props;
    const known = stack.node.tryFindChild(tagParameter);
    if (known && owner.find(known) === repository) return known as CfnParameter;
    if (known) {
      throw validationError(container, 'TagParameterTaken', {
        prop: 'tagParameter',
        must: `be a name that nothing else in ${stack.stackName} has`,
        got: tagParameter,
        fix: 'give one of the two another `tagParameter`',
      });
    }
    const parameter = new CfnParameter(stack, tagParameter, {
      type: 'String',
      default: placeholder && NOTHING,
      allowedPattern: '[A-Za-z0-9_][A-Za-z0-9._-]{0,127}',
      constraintDescription: 'must be the tag of an image: letters, digits, dots, hyphens and underscores',
      description: `Tag of the deployed image of ${repository.node.path}; deployments that do not give it keep it`,
    });
    owner.set(parameter, repository);
    return parameter;
  }

  /** Replaces the command and health checks, which a placeholder does not support. */
  private switchCommands(container: ContainerDefinition, isEmpty: CfnCondition): void {
    const { run } = this.props.placeholder!;
    const task = container.taskDefinition.node.defaultChild as CfnTaskDefinition;
    const original = task.containerDefinitions;
    task.containerDefinitions = Lazy.any({
      produce: () => {
        const all = Stack.of(task).resolve(original) as CfnTaskDefinition.ContainerDefinitionProperty[];
        return all.map((one) => (one.name === container.containerName ? switched(one, isEmpty, run) : one));
      },
    });
  }
}

function conditionOf(stack: Stack, id: string, tag: CfnParameter): CfnCondition {
  const known = stack.node.tryFindChild(id) as CfnCondition | undefined;
  return known ?? new CfnCondition(stack, id, { expression: Fn.conditionEquals(tag.valueAsString, NOTHING) });
}

function switched(
  container: CfnTaskDefinition.ContainerDefinitionProperty,
  isEmpty: CfnCondition,
  run: (ports: string[]) => PlaceholderCommand,
): CfnTaskDefinition.ContainerDefinitionProperty {
  const mappings = (container.portMappings ?? []) as CfnTaskDefinition.PortMappingProperty[];
  const { entryPoint, command, healthCheck } = run(mappings.map(({ containerPort }) => String(containerPort)));
  const check = container.healthCheck as CfnTaskDefinition.HealthCheckProperty | undefined;
  return {
    ...container,
    entryPoint: choose(isEmpty, entryPoint, container.entryPoint),
    command: choose(isEmpty, command?.length ? command : undefined, container.command),
    workingDirectory: choose(isEmpty, undefined, container.workingDirectory),
    // Only the image knows its users by name.
    user: isName(container.user) ? choose(isEmpty, '65534', container.user) : container.user,
    healthCheck: check && { ...check, command: choose(isEmpty, healthCheck, check.command) },
  };
}

function isName(user: unknown): user is string {
  return typeof user === 'string' && !/^\d+(:\d+)?$/.test(user);
}

// The generated types ask for a list or a text where an intrinsic function of either kind stands.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function choose(condition: CfnCondition, whenTrue: unknown, whenFalse: unknown): any {
  if (whenTrue === undefined && whenFalse === undefined) return undefined;
  return either(condition, whenTrue ?? Aws.NO_VALUE, whenFalse ?? Aws.NO_VALUE);
}

function either(condition: CfnCondition, whenTrue: unknown, whenFalse: unknown): IResolvable {
  return Fn.conditionIf(condition.logicalId, whenTrue, whenFalse);
}
