import { Resource } from '../../template/private/app-templates';

/** Where the agent of ECS Exec, which is root, writes. */
export const AGENT_PATHS = ['/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm'];

/** What a template has to mount for it: on EC2 hosts ECS mounts the log directory itself, and nothing is at the first path. */
export function pathsToMount(taskDefinition: Resource | undefined): string[] {
  const compatibilities = taskDefinition?.at('RequiresCompatibilities').items.map(({ text }) => text) ?? [];
  const onHosts = compatibilities.length > 0 && compatibilities.every((name) => name === 'EC2' || name === 'EXTERNAL');
  return onHosts ? ['/var/lib/amazon/ssm'] : AGENT_PATHS;
}
