import { NagMessageLevel, NagRuleCompliance } from 'cdk-nag/lib/nag-rules';
import { Value } from '../../../template/private/app-templates';
import { EcsService } from '../ecs-service';
import { pathsToMount } from '../exec-paths';
import { Rule, verdict } from '../rule';

export const execOnReadOnlyRoot: Rule = {
  id: 'ExecOnReadOnlyRoot',
  trap: 'T17',
  level: NagMessageLevel.ERROR,
  info: 'The service enables ECS Exec for a container in which the agent cannot write.',
  explanation:
    'The agent writes to /managed-agents, /var/lib/amazon/ssm and /var/log/amazon/ssm, which a read-only root file system does not allow. Mount a writable volume at each path; on EC2 hosts only at the second, because ECS mounts the third itself.',
  check: (resource) => {
    const service = EcsService.of(resource);
    const isExec = service?.resource.at('EnableExecuteCommand').isTrue;
    const readOnly = service?.containers.filter((container) => container.at('ReadonlyRootFilesystem').isTrue) ?? [];
    if (!isExec || service!.containers.length === 0) return NagRuleCompliance.NOT_APPLICABLE;
    const paths = pathsToMount(service!.taskDefinition);
    return verdict(readOnly.some((container) => paths.some((path) => !isWritable(container, path))));
  },
};

function isWritable(container: Value, path: string): boolean {
  const mounts = container.at('MountPoints').items.filter((mount) => !mount.at('ReadOnly').isTrue);
  const tmpfs = container.at('LinuxParameters', 'Tmpfs').items;
  return [...mounts, ...tmpfs].some((mount) => {
    const mounted = mount.at('ContainerPath').text?.replace(/\/+$/, '');
    return mounted !== undefined && `${path}/`.startsWith(`${mounted}/`);
  });
}
