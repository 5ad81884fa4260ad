import { Stack } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import { IMesh } from '../mesh';

/** Returns true if Container Insights is on for the cluster. The numbers of running and desired tasks are metrics of Container Insights. */
export function hasContainerInsights(mesh: IMesh): boolean {
  const cluster = mesh.cluster.node.defaultChild as CfnCluster;
  const settings: CfnCluster.ClusterSettingsProperty[] = Stack.of(cluster).resolve(cluster.clusterSettings) ?? [];
  return settings.some(({ name, value }) => name === 'containerInsights' && value !== 'disabled');
}
