import { CfnDeletionPolicy, CfnResource, Lazy } from 'aws-cdk-lib';
import { CfnDeploymentGroup, EcsApplication, EcsDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PortHost, ShiftedRoute } from './port-host';
import { RollbackAlarms } from './rollback-alarms';
import { CodeDeployPlan } from './rollout-plans';
import { acknowledge } from '../../core/private/acknowledge';

/** Creates the deployment group with which CodeDeploy deploys a service with one route. */
export function createDeploymentGroup(
  host: PortHost,
  plan: CodeDeployPlan,
  listener: IApplicationListener,
  { live, next, testListener, rule, testRule }: ShiftedRoute,
  alarms: RollbackAlarms,
): EcsDeploymentGroup {
  const group = new EcsDeploymentGroup(host, 'DeploymentGroup', {
    application: new EcsApplication(host, 'Application'),
    service: host.service,
    deploymentConfig: plan.deploymentConfig,
    blueGreenDeploymentConfig: {
      blueTargetGroup: live,
      greenTargetGroup: next,
      listener,
      testListener,
      terminationWaitTime: plan.bakeTime,
      deploymentApprovalWaitTime: plan.approvalTime.toMilliseconds() > 0 ? plan.approvalTime : undefined,
    },
    autoRollback: { failedDeployment: true, stoppedDeployment: true },
  });
  group.node.addDependency(rule, ...(testRule ? [testRule] : []));
  renderAlarms(group.node.defaultChild as CfnDeploymentGroup, alarms);
  keepRevisions(host.service.taskDefinition.node.defaultChild as CfnResource);
  acknowledge(
    group.role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AWSCodeDeployRoleForECS]',
    'AWS keeps this policy in step with what CodeDeploy does during a deployment; with a copy that went stale a rollback would fail.',
  );
  return group;
}

/**
 * Keeps the revisions that an update of the stack replaces: the production tasks run the former one until CodeDeploy moves on, and a revision
 * that is deregistered cannot be deployed again.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
 */
function keepRevisions(taskDefinition: CfnResource): void {
  taskDefinition.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
}

/** Renders alarms by name: the L2 construct accepts alarms, and each would have to be imported. */
function renderAlarms(resource: CfnDeploymentGroup, alarms: RollbackAlarms): void {
  resource.alarmConfiguration = Lazy.any({
    produce: () => ({ enabled: alarms.all.length > 0, alarms: alarms.all.map((name) => ({ name })) }),
  });
  resource.autoRollbackConfiguration = Lazy.any({
    produce: () => ({
      enabled: true,
      events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', ...(alarms.all.length > 0 ? ['DEPLOYMENT_STOP_ON_ALARM'] : [])],
    }),
  });
}
