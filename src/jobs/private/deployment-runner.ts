import { join } from 'node:path';
import {
  Aws,
  CfnResource,
  CustomResource,
  CustomResourceProvider,
  CustomResourceProviderRuntime,
  Duration,
  RemovalPolicy,
  Size,
} from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ecsArn } from './ecs-arn';
import { runStatements, tagStatement } from './run-policy';
import { rulesOf } from './task-rules';
import { IMesh } from '../../core/mesh';
import { clusterDependencies } from '../../core/private/cluster-capacity';
import { ConstructState } from '../../core/private/construct-state';
import { createLogGroup } from '../../core/private/log-group';
import { whilePlaceholder } from '../../core/private/placeholders';
import { Task } from '../../tasks/private/task';
import { TaskOwner } from '../../tasks/private/task-resources';

const TYPE = 'Custom::EcsMeshDeploymentJob';

/** The code of the function, which scripts/bundle-app.mjs builds from app/deployment-job. */
const HANDLER = join(__dirname, '..', '..', '..', 'assets', 'deployment-job');

/** Creates the custom resource that runs a job. All jobs of a stack share the function behind it. */
export function createRun(job: TaskOwner, task: Task, timeout: Duration): CustomResource {
  const { mesh, discoveryName } = job;
  const { taskDefinition, containers, securityGroup, logGroup } = task;
  const seconds = timeout.toSeconds();
  const resource = new CustomResource(job, 'Run', {
    serviceToken: createProvider(job, task).serviceToken,
    resourceType: TYPE,
    // The function itself gives up earlier, counted from its start; this is for one that has no voice any more.
    serviceTimeout: Duration.seconds(seconds + 60),
    properties: {
      Job: discoveryName,
      Cluster: mesh.cluster.clusterArn,
      TaskDefinition: taskDefinition.taskDefinitionArn,
      Container: containers[0].name,
      Subnets: mesh.vpc.selectSubnets(mesh.taskSubnets).subnetIds,
      SecurityGroups: [securityGroup!.securityGroupId],
      LogGroup: logGroup.logGroupName,
      TimeoutSeconds: String(seconds),
      Placeholder: whilePlaceholder(taskDefinition, 'true', 'false'),
    },
  });
  // It starts at once: policies and rules are resources of their own, and so is the route out.
  const first = resource.node.defaultChild!.node;
  first.addDependency(rulesOf(job, securityGroup!));
  first.addDependency(task.taskRole, task.executionRole, ...clusterDependencies(mesh.cluster));
  first.addDependency(mesh.vpc.selectSubnets(mesh.taskSubnets).internetConnectivityEstablished);
  return resource;
}

function createProvider(job: TaskOwner, { taskDefinition }: Task): CustomResourceProvider {
  const provider = CustomResourceProvider.getOrCreateProvider(job, TYPE, {
    codeDirectory: HANDLER,
    runtime: CustomResourceProviderRuntime.NODEJS_24_X,
    timeout: Duration.minutes(15),
    memorySize: Size.mebibytes(256),
    description: 'Runs deployment jobs to their end',
  });
  keepLogs(provider, job.mesh);
  const statements = [...runStatements(job, job.mesh, taskDefinition), ...once(provider, job.mesh)];
  // The role is one resource with its policy, so that the function has the permissions from its first call on.
  for (const statement of statements) provider.addToRolePolicy(statement.toStatementJson());
  return provider;
}

/** Creates the log group of the function: a log group that Lambda creates never expires, and is retained when the stack is deleted. */
function keepLogs(provider: CustomResourceProvider, mesh: IMesh): void {
  if (provider.node.tryFindChild('Logs')) return;
  const group = createLogGroup(provider, 'Logs', { disposable: mesh.removalPolicy === RemovalPolicy.DESTROY });
  const handler = provider.node.findChild('Handler') as CfnResource;
  handler.addPropertyOverride('LoggingConfig', { LogGroup: group.logGroupName });
}

const meshesOf = new ConstructState('deploymentJobMeshes', () => new Set<IMesh>());

/** Returns the statements that all jobs of a stack in one cluster share, because the size of a policy is limited. */
function once(provider: Construct, mesh: IMesh): PolicyStatement[] {
  const known = meshesOf.of(provider);
  if (known.has(mesh)) return [];
  const tasks = ecsArn(provider, `task/${mesh.cluster.clusterName}/*`);
  const isFirst = known.size === 0;
  known.add(mesh);
  return [
    new PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [tasks] }),
    tagStatement(tasks),
    ...(isFirst ? [new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] })] : []),
  ];
}
