import { Stack } from 'aws-cdk-lib';
import { CfnCluster, Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../mesh';

/**
 * Returns true if Container Insights is on for the cluster, and undefined if that is not known: the cluster belongs to another app, which
 * nobody asked. The numbers of running and desired tasks are metrics of Container Insights.
 */
export function hasContainerInsights(mesh: IMesh): boolean | undefined {
  if (Cluster.isCluster(mesh.cluster)) {
    const setting = settingOf(mesh.cluster);
    return setting !== undefined && setting !== ContainerInsights.DISABLED.toString();
  }
  return mesh.containerInsights && mesh.containerInsights !== ContainerInsights.DISABLED;
}

function settingOf(cluster: Cluster): string | undefined {
  const resource = cluster.node.defaultChild as CfnCluster;
  const settings: CfnCluster.ClusterSettingsProperty[] = Stack.of(resource).resolve(resource.clusterSettings) ?? [];
  return settings.find(({ name }) => name === 'containerInsights')?.value;
}
