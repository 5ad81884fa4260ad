import { join } from 'node:path';
import { Aws, Duration, Lazy, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BaseService } from 'aws-cdk-lib/aws-ecs';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { IMesh } from '../../core/mesh';
import { MetricRecord } from '../../core/metric-record';
import { acknowledge } from '../../core/private/acknowledge';
import { warn } from '../../core/private/errors';
import { createLogGroup } from '../../core/private/log-group';
import { createRole } from '../../core/private/role';
import { arnInPolicies, eventsOf } from '../../core/private/secret-arn';
import { ComponentKind } from '../../core/topology-record';
import { TaskOwner } from '../../tasks/private/task-resources';
import { Rollout } from '../rollout';

/** The code of the function, which scripts/bundle-app.mjs builds from app/redeployment. */
const HANDLER = join(__dirname, '..', '..', '..', 'assets', 'redeployment');

/** One for each stack. It is part of logical ids. */
const ID = 'Redeployment';

/** The time between two looks, which cover lost events and deployments that were in progress. */
export const LOOKS_EVERY = Duration.minutes(5);

/** A service whose tasks receive secrets when they start. */
interface Restarted extends TaskOwner {
  readonly service: BaseService;
  readonly rollout: Rollout;
}

/** Redeploys a service after each rotation of a secret. */
export function redeployAfterRotation(owner: Restarted, secret: ISecret): void {
  if (owner.rollout._plan.codeDeploy) {
    warn(
      owner,
      'RotationNotFollowed',
      `CodeDeploy starts the deployments of ${owner.discoveryName}, so that nothing redeploys it after a rotation of ${secret.node.path}, ` +
        'and its tasks cannot open new connections then. Start the pipeline after each rotation, choose another rollout, or connect with ' +
        '`afterRotation: AfterRotation.READ_AGAIN` if the code reads the secret again.',
    );
    return;
  }
  const stack = Stack.of(owner);
  const redeployment = (stack.node.tryFindChild(ID) as Redeployment | undefined) ?? new Redeployment(stack, ID, owner.mesh);
  redeployment.follow(secret, owner.service);
}

/** The function that redeploys the services of a stack, and one rule for each secret. */
class Redeployment extends Construct {
  private readonly role: Role;
  private readonly fn: LambdaFunction;
  private readonly services = new Map<ISecret, Set<string>>();
  private readonly onSecrets = new PolicyStatement({ actions: ['secretsmanager:DescribeSecret'] });
  private readonly onServices = new PolicyStatement({
    actions: ['ecs:DescribeServices', 'ecs:ListServiceDeployments', 'ecs:UpdateService'],
  });

  constructor(scope: Construct, id: string, mesh: IMesh) {
    super(scope, id);
    const logGroup = createLogGroup(this, 'Logs', { disposable: mesh.removalPolicy === RemovalPolicy.DESTROY });
    this.role = createRole(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: 'Redeploys services after rotations',
    });
    this.fn = this.createFunction(logGroup);
    this.role.addToPolicy(new PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: [Aws.STACK_ID] }));
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    );
    this.observe(mesh);
  }

  public follow(secret: ISecret, { serviceArn }: BaseService): void {
    const known = this.services.get(secret) ?? this.createRule(secret);
    if (known.has(serviceArn)) return;
    known.add(serviceArn);
    this.allow(this.onServices, serviceArn);
  }

  private createFunction(logGroup: ILogGroup): LambdaFunction {
    const fn = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromAsset(HANDLER),
      role: this.role,
      logGroup,
      timeout: Duration.minutes(1),
      memorySize: 256,
      description: 'Redeploys services whose secrets were rotated',
    });
    acknowledge(
      fn,
      ['*-LambdaConcurrency', '*-LambdaDLQ'],
      'It looks at the state of the services every five minutes, so that a lost call is made up for; reserved concurrency would be taken from the account.',
    );
    acknowledge(fn, '*-LambdaInsideVPC', 'It calls AWS APIs only, and nothing in the network.');
    return fn;
  }

  /** Creates a rule with an event, so that it starts within seconds, and a schedule, because events are delivered on a best-effort basis. */
  private createRule(secret: ISecret): Set<string> {
    const services = new Set<string>();
    this.services.set(secret, services);
    const { resources, detail } = eventsOf(secret);
    const rule = new Rule(this, Names.nodeUniqueId(secret.node), {
      description: 'Redeploys services after a rotation',
      eventPattern: {
        source: ['aws.secretsmanager'],
        detailType: ['Secret Label Updated'],
        resources,
        detail: { ...detail, labelUpdated: ['AWSCURRENT'] },
      },
      schedule: Schedule.rate(LOOKS_EVERY),
    });
    const input = { stack: Aws.STACK_ID, secret: secret.secretArn, services: Lazy.list({ produce: () => [...services] }) };
    rule.addTarget({ bind: () => ({ id: '', arn: this.fn.functionArn, input: RuleTargetInput.fromObject(input) }) });
    this.fn.addPermission('MayInvoke', {
      principal: new ServicePrincipal('events.amazonaws.com'),
      sourceArn: rule.ruleArn,
      scope: rule,
    });
    rule.node.addDependency(this.role);
    this.allow(this.onSecrets, arnInPolicies(secret));
    return services;
  }

  /** The statement is added with its first resource, and gets the others while it is in the policy. */
  private allow(statement: PolicyStatement, resource: string): void {
    const isNew = statement.resources.length === 0;
    statement.addResources(resource);
    if (isNew) this.role.addToPolicy(statement);
  }

  private observe(mesh: IMesh): void {
    MetricRecord.of(this)._observe(() => ({
      owner: this,
      home: mesh,
      kind: ComponentKind.AWS_API,
      label: 'redeployment',
      metrics: [
        {
          id: 'Errors',
          title: 'Redeployments that failed',
          metric: this.fn.metricErrors({ period: LOOKS_EVERY, statistic: 'Sum' }),
          alarm: {
            threshold: 1,
            evaluationPeriods: 3,
            description: 'redeployment: services keep a password that was rotated; see the log group of the function',
          },
        },
      ],
    }));
  }
}
