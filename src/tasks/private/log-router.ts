import { AspectPriority, Aspects } from 'aws-cdk-lib';
import {
  ContainerDefinition,
  FirelensLogRouter,
  FirelensLogRouterType,
  LogDrivers,
  obtainDefaultFluentBitECRImage,
  TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';

/**
 * Adds the log router of FireLens where a container logs by it and nobody has added one. CDK would add it when it renders the template: with
 * a log group that never expires and is deleted with no stack.
 */
export function addLogRouter(taskDefinition: TaskDefinition, logGroup: ILogGroup): void {
  const addRouter = () => {
    const containers = taskDefinition.node.children.filter((child) => child instanceof ContainerDefinition);
    const config = containers.find(({ logDriverConfig }) => logDriverConfig?.logDriver === 'awsfirelens')?.logDriverConfig;
    if (!config || containers.some((container) => container instanceof FirelensLogRouter)) return;
    taskDefinition.addFirelensLogRouter('log-router', {
      image: obtainDefaultFluentBitECRImage(taskDefinition, config, 'stable'),
      firelensConfig: { type: FirelensLogRouterType.FLUENTBIT },
      logging: LogDrivers.awsLogs({ streamPrefix: 'firelens', logGroup }),
      memoryReservationMiB: 50,
    });
  };
  // Containers that users add to the task definition are known by then. An aspect visits the children too.
  const aspect = { visit: (node: IConstruct) => (node === taskDefinition ? addRouter() : undefined) };
  Aspects.of(taskDefinition).add(aspect, { priority: AspectPriority.MUTATING });
}
