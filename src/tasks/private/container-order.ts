import { ContainerDependencyCondition } from 'aws-cdk-lib/aws-ecs';
import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { validationError } from '../../core/private/errors';
import { closest } from '../../core/private/names';

const { COMPLETE, HEALTHY, SUCCESS } = ContainerDependencyCondition;

/**
 * Rejects an order in which the containers of a task could never all start, which ECS would report only at the first deployment.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function requireStartOrder(scope: IConstruct, containers: ResolvedContainer[]): void {
  requireEssential(scope, containers);
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const container of containers) {
    container.dependsOn.forEach(({ container: name, condition = HEALTHY }, i) => {
      const prop = `${container.prop}.lifecycle.dependsOn[${i}]`;
      requireCondition(scope, prop, condition, requireContainer(scope, prop, name, [...byName.keys()], byName));
    });
  }
  for (const container of containers) refuseCircle(scope, container, [container.name], byName);
}

/** The end of the app must end the task, whatever a sidecar does. */
function requireEssential(scope: IConstruct, containers: ResolvedContainer[]): void {
  const own = containers.filter(({ isSidecar }) => !isSidecar);
  if (own.some(({ essential }) => essential)) return;
  throw validationError(scope, 'NoEssentialContainer', {
    prop: `${own[0].prop}.lifecycle.essential`,
    must: 'be true for at least one of `containers`, so that the task stops when it does',
    got: false,
    fix: 'leave it out for the main container',
  });
}

function requireContainer(
  scope: IConstruct,
  prop: string,
  name: string,
  names: string[],
  byName: Map<string, ResolvedContainer>,
): ResolvedContainer {
  const found = byName.get(name);
  if (found) return found;
  const meant = closest(name, names);
  throw validationError(scope, 'DependencyUnknown', {
    prop: `${prop}.container`,
    must: `name a container or sidecar of this task (${names.join(', ')})`,
    got: name,
    fix: meant ? `did you mean "${meant}"?` : 'add it to `containers` or `sidecars`',
  });
}

function requireCondition(
  scope: IConstruct,
  prop: string,
  condition: ContainerDependencyCondition,
  { name, prop: target, healthCheck, essential }: ResolvedContainer,
): void {
  if (condition === HEALTHY && !healthCheck) {
    throw validationError(scope, 'DependencyWithoutHealthCheck', {
      prop: `${prop}.condition`,
      must: `not be HEALTHY, since ${name} has no health check, without which it never becomes healthy`,
      got: condition,
      fix: `give \`${target}\` a \`healthCheck\`, or wait for ContainerDependencyCondition.START`,
    });
  }
  if ((condition !== COMPLETE && condition !== SUCCESS) || !essential) return;
  throw validationError(scope, 'DependencyOnEssential', {
    prop: `${prop}.condition`,
    must: `be START or HEALTHY, since ${name} is essential, and its end ends the task`,
    got: condition,
    fix: `set \`${target}.lifecycle.essential\` to false`,
  });
}

function refuseCircle(
  scope: IConstruct,
  container: ResolvedContainer,
  path: string[],
  byName: Map<string, ResolvedContainer>,
): void {
  for (const { container: next } of container.dependsOn) {
    if (next === path[0]) {
      throw validationError(scope, 'ContainerCycle', {
        prop: `${byName.get(path[0])!.prop}.lifecycle.dependsOn`,
        must: 'not depend on its own container, because each would wait for the other',
        got: [...path, next].join(' -> '),
        fix: 'leave one of the dependencies out',
      });
    }
    if (!path.includes(next)) refuseCircle(scope, byName.get(next)!, [...path, next], byName);
  }
}
