import { flat, Grant } from './grants';

/** Why a role may do something; no reason is a stranger. */
interface Need {
  readonly kind: Grant['role']['kind'];
  readonly actions: RegExp;
  readonly why: string;
  /** What in the same template, or in the record of connections, needs it. */
  readonly evidence: (grant: Grant) => boolean;
}

type Container = Record<string, unknown>;

const containers = ({ role }: Grant) => role.tasks.flatMap((task) => task.ContainerDefinitions as Container[]);
const logicalId = ({ resource }: Grant) => /<([A-Za-z0-9]+)[.>]/.exec(resource)?.[1] ?? '';
const named = (grant: Grant, values: unknown[]) => {
  const id = logicalId(grant);
  return id !== '' && values.some((value) => [`<${id}>`, `<${id}.`].some((reference) => flat(value).includes(reference)));
};
const list = (grant: Grant, property: string) =>
  containers(grant).flatMap((container) => (container[property] ?? []) as Container[]);
const isConnected = (grant: Grant) =>
  grant.role.connected.some(
    (server) => `${grant.role.pathOf(logicalId(grant))}/`.startsWith(`${server}/`) || isSharedUnder(server, logicalId(grant)),
  );
/** Whether a parameter of the template is one that another app shares under this prefix. */
const isSharedUnder = (prefix: string, id: string) =>
  prefix.startsWith('/') && id.startsWith(`SsmParameterValue${prefix.replace(/\W/g, '')}`);
const hasExec = ({ role }: Grant) => role.services.some(({ EnableExecuteCommand }) => EnableExecuteCommand === true);
const ownerOf = ({ role }: Grant) => role.path.split('/').slice(0, -1).join('/');
const isUsedBy = (grant: Grant, type: string) => grant.role.users.some(({ Type }) => Type === type);
/** Whether the resource belongs to the construct that the role belongs to, or to the one above it. */
const isOfOwner = (grant: Grant, above = false) => {
  const owner = above ? ownerOf(grant).split('/').slice(0, -1).join('/') : ownerOf(grant);
  const [id] = /(?<=<)(?!AWS::)[A-Za-z0-9]+(?=[.>])/.exec(grant.resource) ?? [''];
  return id !== '' && grant.role.pathOf(id).startsWith(`${owner}/`);
};
const isOwn = (path: RegExp) => (grant: Grant) => path.test(grant.role.path);

const DEPLOY_ROLE = /\/Images\/DeployRole\/Resource$/;
const isOwnRepository = (grant: Grant) => isOwn(DEPLOY_ROLE)(grant) && isOfOwner(grant, true);
const REDEPLOYMENT = /\/Redeployment\/Role$/;
/** Whether a rule hands the resource to the function of the role. */
const isFollowed = (grant: Grant) => grant.role.told.some((input) => named(grant, [input]));
const JOB_FUNCTION = /\/Custom::EcsMeshDeploymentJobCustomResourceProvider\/Role$/;

export const NEEDS: Need[] = [
  {
    kind: 'execution',
    actions: /^ecr:GetAuthorizationToken$/,
    why: 'an image of its task is in ECR',
    evidence: (grant) => containers(grant).some(({ Image }) => flat(Image).includes('.dkr.ecr.')),
  },
  {
    kind: 'execution',
    actions: /^ecr:(BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer)$/,
    why: 'an image of its task is in this repository',
    evidence: (grant) =>
      containers(grant).some(({ Image }) => flat(Image).includes(`/${grant.resource.split(':repository/')[1]}:`)) ||
      named(
        grant,
        containers(grant).map(({ Image }) => Image),
      ),
  },
  {
    kind: 'execution',
    actions: /^logs:(CreateLogStream|PutLogEvents)$/,
    why: 'its containers log there',
    evidence: (grant) =>
      named(
        grant,
        containers(grant)
          .map(({ LogConfiguration }) => (LogConfiguration as Container).Options)
          .map((options) => (options as Container)['awslogs-group']),
      ),
  },
  {
    kind: 'execution',
    actions: /^secretsmanager:(GetSecretValue|DescribeSecret)$/,
    why: 'a variable of its containers is taken from this secret (CDK adds DescribeSecret to every read)',
    evidence: (grant) =>
      named(
        grant,
        list(grant, 'Secrets').map(({ ValueFrom }) => ValueFrom),
      ),
  },
  {
    kind: 'execution',
    actions: /^ssm:GetParameters$/,
    why: 'a variable of its containers is taken from this parameter',
    evidence: (grant) =>
      named(
        grant,
        list(grant, 'Secrets').map(({ ValueFrom }) => ValueFrom),
      ),
  },
  {
    kind: 'task',
    actions: /^ssm:GetParameters?$/,
    why: 'connected: its containers were told the path of this parameter',
    evidence: (grant) => isConnected(grant),
  },
  {
    kind: 'task',
    actions: /^secretsmanager:(GetSecretValue|DescribeSecret)$/,
    why: 'connected: its containers were told the name of this secret',
    evidence: (grant) =>
      isConnected(grant) &&
      named(
        grant,
        list(grant, 'Environment').map(({ Value }) => Value),
      ),
  },
  {
    kind: 'task',
    actions: /^secretsmanager:PutSecretValue$/,
    why: 'a job of the app makes the keys in this secret once',
    evidence: (grant) =>
      isConnected(grant) &&
      containers(grant).some(({ Command }) => flat(Command).includes('signing_keys.py')) &&
      named(
        grant,
        list(grant, 'Environment').map(({ Value }) => Value),
      ),
  },
  {
    kind: 'task',
    actions: /^(s3:(ListBucket|GetObject|PutObject|DeleteObject|AbortMultipartUpload)|sqs:\w+|kms:(Decrypt|GenerateDataKey))$/,
    why: 'connected: its containers were told the name',
    evidence: (grant) =>
      isConnected(grant) &&
      named(
        grant,
        list(grant, 'Environment').map(({ Value }) => Value),
      ),
  },
  {
    kind: 'task',
    actions: /^elasticfilesystem:Client(Mount|Write)$/,
    why: 'its task mounts this file system, through this access point only',
    evidence: (grant) =>
      grant.condition === 'elasticfilesystem:AccessPointArn' &&
      named(
        grant,
        grant.role.tasks.flatMap(({ Volumes }) => JSON.stringify(Volumes).replace(/\{"Ref":"(\w+)"\}/g, '<$1>')),
      ),
  },
  {
    kind: 'task',
    actions: /^(ssmmessages:(Create|Open)(Control|Data)Channel|logs:DescribeLogGroups)$/,
    why: 'ECS Exec is on',
    evidence: hasExec,
  },
  {
    kind: 'task',
    actions: /^logs:(CreateLogStream|DescribeLogStreams|PutLogEvents)$/,
    why: 'ECS Exec is on, and logs its sessions there',
    evidence: (grant) => hasExec(grant) && /:log-group:\/ecs\/[\w-]+\/exec:\*$/.test(grant.resource),
  },
  {
    kind: 'host',
    actions: /^ecs:\w+$/,
    why: 'the ECS agent: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html',
    evidence: isOwn(/Hosts\/Role$/),
  },
  {
    kind: 'host',
    actions: /^managed policy AmazonSSMManagedInstanceCore$/,
    why: 'Session Manager instead of SSH',
    evidence: isOwn(/Hosts\/Role$/),
  },
  {
    kind: 'host',
    actions: /^(ssmmessages:(Create|Open)(Control|Data)Channel|ssm:UpdateInstanceInformation)$/,
    why: 'Session Manager instead of SSH',
    evidence: isOwn(/\/Redis\/Role$/),
  },
  {
    kind: 'host',
    actions: /^(ec2:AttachVolume|secretsmanager:(GetSecretValue|DescribeSecret))$/,
    why: 'Redis on this host: its own disk and its own password',
    evidence: (grant) =>
      isOwn(/\/Redis\/Role$/)(grant) &&
      /\/Redis\/(Host1|Data|Secret)/.test(
        grant.role.pathOf(logicalId({ ...grant, resource: grant.resource.replace(/.*<AWS::AccountId>/, '') })),
      ),
  },
  {
    kind: 'task',
    actions: /^ecs:(Get|Update)TaskProtection$/,
    why: 'workers protect themselves while they work; tasks of the mesh only, since no task knows its id before it starts',
    evidence: (grant) =>
      grant.condition === 'ecs:cluster' && list(grant, 'Environment').some(({ Name }) => /QUEUE_URL$/.test(`${Name}`)),
  },
  {
    kind: 'service',
    actions: /^managed policy AmazonECSInfrastructureRolePolicyForLoadBalancers$/,
    why: 'ECS moves traffic at a blue/green deployment: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html',
    evidence: (grant) => isUsedBy(grant, 'AWS::ECS::Service'),
  },
  {
    kind: 'service',
    actions: /^ecs:RunTask$/,
    why: 'its schedule starts this task, in any revision',
    evidence: (grant) => isUsedBy(grant, 'AWS::Scheduler::Schedule') && /:task-definition\/[\w-]+:\*$/.test(grant.resource),
  },
  {
    kind: 'service',
    actions: /^ecs:TagResource$/,
    why: 'its task gets the tags of its task definition',
    evidence: (grant) =>
      isUsedBy(grant, 'AWS::Scheduler::Schedule') && grant.condition === 'ecs:CreateAction' && /:task\/\*$/.test(grant.resource),
  },
  {
    kind: 'service',
    actions: /^(iam:PassRole|sqs:SendMessage)$/,
    why: 'its schedule hands the roles to its own task, and failed starts to its own dead-letter queue',
    evidence: (grant) => isUsedBy(grant, 'AWS::Scheduler::Schedule') && isOfOwner(grant),
  },
  {
    kind: 'service',
    actions: /^rds:(Start|Stop)DBInstance$/,
    why: 'office hours of this database',
    evidence: (grant) => isUsedBy(grant, 'AWS::Scheduler::Schedule') && isOfOwner(grant, true),
  },
  {
    kind: 'service',
    actions: /^logs:(CreateLogStream|DescribeLogStreams|PutLogEvents)$/,
    why: 'flow logs of the network',
    evidence: isOwn(/\/Vpc\/FlowLog\/IAMRole$/),
  },
  {
    kind: 'service',
    actions: /^ecr:(BatchCheckLayerAvailability|BatchGetImage|CompleteLayerUpload|InitiateLayerUpload|PutImage|UploadLayerPart)$/,
    why: 'a workflow pushes its images there: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
    evidence: isOwnRepository,
  },
  {
    kind: 'service',
    actions: /^ecr:DescribeImages$/,
    why: 'people see which images a workflow has pushed',
    evidence: isOwnRepository,
  },
  {
    kind: 'service',
    actions: /^ecr:GetAuthorizationToken$/,
    why: 'a workflow signs in to Amazon ECR',
    evidence: isOwn(DEPLOY_ROLE),
  },
  {
    kind: 'service',
    actions: /^cloudformation:(UpdateStack|DescribeStacks|DescribeStackEvents)$/,
    why: 'a workflow sets the parameters of its own stack, and sees how that went',
    evidence: (grant) =>
      isOwn(DEPLOY_ROLE)(grant) &&
      grant.resource.endsWith(`:stack/${grant.role.path.split('/')[0]}/*`) &&
      (grant.action !== 'cloudformation:UpdateStack' || /cloudformation:ResourceTypes/.test(grant.condition ?? '')),
  },
  {
    kind: 'service',
    actions: /^ssm:GetParameters$/,
    why: 'CloudFormation resolves the SSM parameters of a stack with the permissions of the workflow that updates it',
    evidence: (grant) => isOwn(DEPLOY_ROLE)(grant) && /:parameter\/(cdk-bootstrap|aws\/service)\//.test(grant.resource),
  },
  {
    kind: 'function',
    actions: /^managed policy service-role\/AWSLambdaBasicExecutionRole$/,
    why: "CDK's own function, which logs",
    evidence: isOwn(/(CustomResourceProvider\/Role|LogRetention\w+\/ServiceRole)$/),
  },
  {
    kind: 'function',
    actions: /^ec2:(Authorize|Revoke)SecurityGroup(Ingress|Egress)$/,
    why: "CDK's own function, which closes the network's default security group",
    evidence: isOwn(/\/Custom::VpcRestrictDefaultSGCustomResourceProvider\/Role$/),
  },
  {
    kind: 'function',
    actions: /^ecs:RunTask$/,
    why: 'a deployment runs this job, in any revision',
    evidence: (grant) =>
      isOwn(JOB_FUNCTION)(grant) && grant.condition === 'ecs:cluster' && /:task-definition\/[\w-]+:\*$/.test(grant.resource),
  },
  {
    kind: 'function',
    actions: /^iam:PassRole$/,
    why: 'a deployment job runs with these two roles',
    evidence: (grant) => isOwn(JOB_FUNCTION)(grant) && /\/(Task|Execution)Role\b/.test(grant.role.pathOf(logicalId(grant))),
  },
  {
    kind: 'function',
    actions: /^ecs:(DescribeTasks|StopTask|TagResource)$/,
    why: 'deployment jobs are watched, stopped at their timeout, and get the tags of their task definition',
    evidence: (grant) => isOwn(JOB_FUNCTION)(grant) && /:task\/<\w+>\/\*$/.test(grant.resource),
  },
  {
    kind: 'function',
    actions: /^cloudformation:DescribeStacks$/,
    why: 'deployment jobs do not run in a rollback; its own stack only',
    evidence: (grant) => isOwn(JOB_FUNCTION)(grant) && grant.resource === '<AWS::StackId>',
  },
  {
    kind: 'function',
    actions: /^(secretsmanager:DescribeSecret|ecs:(DescribeServices|ListServiceDeployments|UpdateService))$/,
    why: 'a rule names this secret, and the services that are redeployed after its rotation',
    evidence: (grant) => isOwn(REDEPLOYMENT)(grant) && isFollowed(grant),
  },
  {
    kind: 'function',
    actions: /^cloudformation:DescribeStacks$/,
    why: 'services are not redeployed during an update of their stack; its own stack only',
    evidence: (grant) => isOwn(REDEPLOYMENT)(grant) && grant.resource === '<AWS::StackId>',
  },
  {
    kind: 'function',
    actions: /^logs:(CreateLogStream|PutLogEvents)$/,
    why: 'the function that redeploys services logs there',
    evidence: (grant) => isOwn(REDEPLOYMENT)(grant) && isOfOwner(grant),
  },
  {
    kind: 'function',
    actions: /^logs:(PutRetentionPolicy|DeleteRetentionPolicy|DeleteLogGroup)$/,
    why: "CDK's own function, which limits the logs of databases; in development mode it deletes their groups",
    evidence: isOwn(/\/LogRetention\w+\/ServiceRole$/),
  },
];

export function reasonOf(grant: Grant): string | undefined {
  return NEEDS.find(({ kind, actions, evidence }) => kind === grant.role.kind && actions.test(grant.action) && evidence(grant))
    ?.why;
}

const REFERENCE = 'https://docs.aws.amazon.com/service-authorization/latest/reference';

/** Actions that are allowed on every resource, and where AWS says that there is no other way. */
export const WILDCARDS: { readonly actions: RegExp; readonly condition?: string; readonly page: string }[] = [
  { actions: /^ecr:GetAuthorizationToken$/, page: `${REFERENCE}/list_amazonelasticcontainerregistry.html` },
  { actions: /^ssmmessages:(Create|Open)(Control|Data)Channel$/, page: `${REFERENCE}/list_amazonmessagegatewayservice.html` },
  { actions: /^logs:DescribeLogGroups$/, page: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html' },
  { actions: /^ecs:DiscoverPollEndpoint$/, page: `${REFERENCE}/list_amazonelasticcontainerservice.html` },
  {
    actions: /^ecs:(Poll|StartTelemetrySession|UpdateContainerInstancesState)$/,
    condition: 'ecs:cluster',
    page: `hosts have no ARN before they register; limited to the cluster by condition (${REFERENCE}/list_amazonelasticcontainerservice.html)`,
  },
  {
    actions: /^logs:(PutRetentionPolicy|DeleteRetentionPolicy)$/,
    page: "CDK's own choice for its shared function: aws-cdk-lib/aws-logs/lib/log-retention.ts",
  },
];

export function wildcardOf({ action, condition }: Grant) {
  return WILDCARDS.find((wildcard) => wildcard.actions.test(action) && wildcard.condition === condition);
}
