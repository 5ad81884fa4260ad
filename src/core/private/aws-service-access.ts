import { IConnectable } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct, IDependable } from 'constructs';
import { ConstructState } from './construct-state';

const routesOf = new ConstructState<AwsServiceAccess | undefined>('awsServiceAccess', () => undefined);

/**
 * AWS services that tasks use, by the last part of the name of their VPC endpoint; the value is the constant in
 * `InterfaceVpcEndpointAwsService`, or in `GatewayVpcEndpointAwsService` for the two that a route table leads to.
 */
export const AWS_SERVICES = {
  appconfigdata: 'APPCONFIGDATA',
  'bedrock-runtime': 'BEDROCK_RUNTIME',
  dynamodb: 'DYNAMODB',
  'ecr.api': 'ECR',
  'ecr.dkr': 'ECR_DOCKER',
  ecs: 'ECS',
  'ecs-agent': 'ECS_AGENT',
  'ecs-telemetry': 'ECS_TELEMETRY',
  events: 'EVENTBRIDGE',
  kms: 'KMS',
  'kinesis-firehose': 'KINESIS_FIREHOSE',
  'kinesis-streams': 'KINESIS_STREAMS',
  logs: 'CLOUDWATCH_LOGS',
  monitoring: 'CLOUDWATCH_MONITORING',
  s3: 'S3',
  secretsmanager: 'SECRETS_MANAGER',
  sns: 'SNS',
  sqs: 'SQS',
  ssm: 'SSM',
  ssmmessages: 'SSM_MESSAGES',
  states: 'STEP_FUNCTIONS',
  xray: 'XRAY',
};

/** An AWS service that tasks use. */
export type AwsServiceName = keyof typeof AWS_SERVICES;

/** Services that a route table leads to, for free; all others need an interface endpoint. */
export const GATEWAY_SERVICES: AwsServiceName[] = ['s3', 'dynamodb'];

/** Prefixes of IAM actions that differ from the name of the endpoint. */
const BY_ACTION: Record<string, AwsServiceName> = {
  appconfig: 'appconfigdata',
  bedrock: 'bedrock-runtime',
  cloudwatch: 'monitoring',
  firehose: 'kinesis-firehose',
  kinesis: 'kinesis-streams',
};

/** A network that opens its access to AWS services when a task first needs it. */
export interface AwsServiceAccess {
  /**
   * Opens access for `client`, whose security group allows HTTPS egress, and returns the resources that it depends on.
   */
  open(service: AwsServiceName, client: IConnectable): IDependable[];
}

/** Registers a network that opens access to AWS services on demand, for the components of its mesh. */
export function provideAwsServiceAccess(mesh: IConstruct, routes: AwsServiceAccess): void {
  routesOf.set(mesh, routes);
}

/** Opens access from `client` to AWS services; does nothing if the network has a route to the internet. */
export function openAwsService(mesh: IConstruct, client: IConnectable, services: AwsServiceName[]): IDependable[] {
  const routes = routesOf.find(mesh);
  return routes ? [...new Set(services)].flatMap((service) => routes.open(service, client)) : [];
}

/**
 * Returns the services that a statement allows calls to. KMS is not included where another service calls it on the caller's behalf.
 */
export function calledServices(statements: PolicyStatement[]): AwsServiceName[] {
  const prefixes = statements.flatMap((statement) => statement.actions.map((action) => action.split(':')[0]));
  return [...new Set(prefixes.map((prefix) => BY_ACTION[prefix] ?? prefix))].filter(
    (name): name is AwsServiceName => name in AWS_SERVICES && name !== 'ecs' && name !== 'kms',
  );
}
