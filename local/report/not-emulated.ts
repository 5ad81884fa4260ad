import { settingsLeftOut } from './settings';
import { LocalRun } from '../run/local-run';

interface Part {
  readonly types: RegExp;
  readonly what: string;
  /** Another sentence, where a run has the AWS server. */
  readonly served?: string;
  /** Whether the engine with containers does it. */
  readonly contained?: boolean;
}

/** Parts of AWS that a template can have and this machine cannot; the reader must know what was not tried. */
const PARTS: readonly Part[] = [
  { types: /^AWS::WAFv2::/, what: 'WAF rules (but for missing User-Agent and sizes, of the common rule set)' },
  { types: /^AWS::IAM::/, what: 'IAM roles and policies (every call is allowed)' },
  { types: /^AWS::EC2::SecurityGroup/, what: 'security groups (every port is reachable)', contained: true },
  {
    types: /^AWS::EC2::(NatGateway|Route|RouteTable|VPCEndpoint|InternetGateway|VPCGatewayAttachment)$/,
    what: 'VPC routing, NAT and endpoints',
  },
  { types: /^AWS::EC2::FlowLog$/, what: 'VPC flow logs' },
  { types: /^AWS::KMS::/, what: 'KMS encryption' },
  { types: /^AWS::Logs::/, what: 'CloudWatch Logs (files instead)' },
  { types: /^AWS::CloudWatch::/, what: 'CloudWatch metrics, alarms and dashboards' },
  { types: /^AWS::ApplicationAutoScaling::/, what: 'service auto scaling (the minimum runs)' },
  { types: /^AWS::AutoScaling::/, what: 'EC2 capacity (hosts are addresses)' },
  { types: /^AWS::EC2::Volume/, what: 'EBS volumes' },
  {
    types: /^AWS::S3::/,
    what: 'S3 (access logs and buckets)',
    served: 'policies and encryption of S3, and buckets that no task names',
  },
  { types: /^AWS::CertificateManager::/, what: 'ACM certificates (self-signed instead)' },
  { types: /^AWS::RDS::DB(?!Instance$|SubnetGroup$|ParameterGroup$)/, what: 'RDS clusters and proxies' },
  { types: /^AWS::SecretsManager::RotationSchedule$/, what: 'the schedule of rotations' },
  { types: /^AWS::SQS::/, what: 'SQS queues', served: 'policies and encryption of SQS' },
  { types: /^AWS::SSM::Parameter$/, what: 'Parameter Store', served: 'allowed patterns and history of Parameter Store' },
  { types: /^AWS::SNS::/, what: 'SNS topics' },
  { types: /^AWS::Lambda::/, what: 'Lambda functions and custom resources (deployment jobs run)' },
  { types: /^AWS::Events::|^AWS::Scheduler::/, what: 'events, and the clock of schedules' },
  { types: /^AWS::CodeDeploy::/, what: 'CodeDeploy (its services stay at the version that they started with)' },
  { types: /^AWS::EFS::/, what: 'EFS itself (a folder of this run instead)' },
];

const AUTHORITIES =
  "Amazon's certificates of RDS and ElastiCache (this run's own, which PGSSLROOTCERT, NODE_EXTRA_CA_CERTS and SSL_CERT_FILE of the tasks name)";

export function notEmulated(run: LocalRun): string[] {
  const types = new Set(run.assembly.resources().map(({ type }) => type));
  const parts = PARTS.filter((part) => !(part.contained && run.engine?.kind === 'container'))
    .filter((part) => [...types].some((type) => part.types.test(type)))
    .map(({ what, served }) => (run.aws.running ? (served ?? what) : what));
  const images = run.services.flatMap(({ plan }) =>
    plan.task.containers.flatMap(({ image }) => (image.kind === 'skipped' ? [image] : [])),
  );
  const onHosts = run.engine?.kind === 'container' ? run.services.filter(({ plan }) => plan.task.networkMode === 'host') : [];
  const hooks = run.services.filter(({ plan }) => plan.deployment.hooks.length > 0);
  const balancers = run.resolver
    .resources('AWS::ElasticLoadBalancingV2::LoadBalancer')
    .filter((resource) => run.resolver.read(resource).get('Type').string('application') === 'gateway');
  return [
    ...parts,
    ...settingsLeftOut(run.resolver),
    ...(run.engine?.notEmulated ?? []),
    ...onHosts.map(({ plan }) => `ports of ${plan.label} that its task definition does not map, and its extra hosts (host mode)`),
    ...hooks.map(({ plan }) => `hooks of deployments of ${plan.label}`),
    ...new Set(images.map(({ image, reason }) => `container ${image} (${reason})`)),
    ...balancers.map(({ key }) => `load balancer ${key} (a gateway load balancer)`),
    ...([...run.redis.servers, ...run.postgres.servers].some(({ options }) => options.tls) ? [AUTHORITIES] : []),
    ...run.postgres.servers.map(
      ({ options: { plan, engine } }) =>
        `RDS for ${plan.database} (one ${engine.description} instead of ${plan.version}${
          plan.multiAz ? ' over two zones' : ''
        }; no backups, no IAM authentication)`,
    ),
  ];
}
