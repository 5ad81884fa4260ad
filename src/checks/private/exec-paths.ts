import { Resource } from '../../template/private/app-templates';

/** The paths that the ECS Exec agent, which runs as root, writes to. */
export const AGENT_PATHS = ['/managed-agents', '/var/lib/amazon/ssm', '/var/log/amazon/ssm'];

/**
 * Returns the paths that a template must mount for the agent. On EC2 hosts, ECS mounts the log directory itself and nothing exists at the
 * first path.
 */
export function pathsToMount(taskDefinition: Resource | undefined): string[] {
  const compatibilities = taskDefinition?.at('RequiresCompatibilities').items.map(({ text }) => text) ?? [];
  const onHosts = compatibilities.length > 0 && compatibilities.every((name) => name === 'EC2' || name === 'EXTERNAL');
  return onHosts ? ['/var/lib/amazon/ssm'] : AGENT_PATHS;
}
