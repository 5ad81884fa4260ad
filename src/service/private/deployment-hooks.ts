import { BaseService, DeploymentLifecycleLambdaTarget } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { createRole } from '../../core/private/role';
import { DeploymentHook } from '../deployment-hook';

/** Adds hooks to a service, each with its own role; the service depends on their policies. */
export function addHooks(owner: Construct, service: BaseService, hooks: DeploymentHook[]): void {
  if (hooks.length === 0) return;
  const scope = new Construct(owner, 'Hooks');
  hooks.forEach((hook, i) => {
    validate(owner, hook, i, hooks);
    const role = createRole(scope, hook.name, {
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      description: `ECS asks ${hook.name} whether a deployment goes on`,
    });
    // Not `grantInvoke`, which also allows every version and alias of the function.
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [hook._handler.functionArn] }));
    service.addLifecycleHook(
      new DeploymentLifecycleLambdaTarget(hook._handler, hook.name, { role, lifecycleStages: hook._stages }),
    );
    service.node.defaultChild!.node.addDependency(role);
  });
}

function validate(owner: Construct, { name, _stages: stages }: DeploymentHook, index: number, hooks: DeploymentHook[]): void {
  const isTaken = hooks.findIndex((other) => other.name === name) !== index;
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name) || isTaken) {
    throw validationError(owner, 'HookName', {
      prop: `rollout.hooks[${index}].name`,
      must: 'be letters and digits, and unique in the service, because it is the ID of a role',
      got: name,
      fix: 'write it like "SmokeTest"',
    });
  }
  if (stages.length > 0 && new Set(stages).size === stages.length) return;
  throw validationError(owner, 'HookStages', {
    prop: `rollout.hooks[${index}].stages`,
    must: 'name at least one stage, and each once',
    got: stages,
    fix: 'write for example [ecs.DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT]',
  });
}
