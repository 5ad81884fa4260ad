import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Environment, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Compliance } from 'cdk-ecs-mesh';
import { CHOICES, Place } from '../security/matrix';
import { VALUE_CLASSES } from '../security/value-classes';

const ENV: Environment = { account: '111111111111', region: 'eu-west-1' };
const ALL = { ...CHOICES, ...VALUE_CLASSES };

/** One class of stacks, made twice for one account and region. */
const PLACES: Record<string, (copy: string) => Place> = {
  'as two stacks': (copy) => (app) => new Stack(app, 'Shop', { env: ENV, stackName: `shop-${copy}` }),
  'in two stages': (copy) => (app) => new Stack(new Stage(app, copy), 'Shop', { env: ENV }),
  'nested in two stacks': (copy) => (app) =>
    new NestedStack(new Stack(app, 'Shop', { env: ENV, stackName: `shop-${copy}` }), 'Data'),
};

/** What reads like a name and may be the same in two stacks, and why. */
const SHARED: Record<string, string> = {
  'AWS::ApplicationAutoScaling::ScalingPolicy.PolicyName': 'a name in its target',
  'AWS::CertificateManager::Certificate.DomainName': 'what it is for',
  'AWS::CloudWatch::Alarm.MetricName': 'a name of AWS',
  'AWS::CodeDeploy::DeploymentGroup.DeploymentConfigName': 'a name of AWS',
  'AWS::EC2::VPCEndpoint.ServiceName': 'a name of AWS',
  'AWS::ECR::Repository.RepositoryName': 'given by the choice itself; without, AWS makes one',
  'AWS::ElastiCache::ParameterGroup.CacheParameterGroupFamily': 'a name of AWS',
  'AWS::ElastiCache::User.UserName': 'a name in its group; the id is its own',
  'AWS::IAM::Policy.PolicyName': 'a name in its role',
  'AWS::RDS::DBInstance.DBName': 'a name in its server',
  'AWS::RDS::DBParameterGroup.Family': 'a name of AWS',
  'AWS::Route53::HostedZone.Name': 'each network has a zone of that name',
  'AWS::Route53::RecordSet.Name': 'a name in its zone',
  'AWS::ServiceDiscovery::PrivateDnsNamespace.Name': 'each network has a namespace of that name',
  'AWS::ServiceDiscovery::Service.Name': 'a name in its namespace',
};

interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

/** Those of nested stacks and of stages are files beside and below the others. */
function resourcesOf(app: App): Resource[] {
  const { directory } = app.synth({ skipValidation: true });
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('template.json'));
  return files.flatMap((file) => {
    const { Resources } = JSON.parse(readFileSync(join(directory, file), 'utf8')) as { Resources?: Record<string, Resource> };
    return Object.values(Resources ?? {});
  });
}

/** Everything that reads like a name, as `Type.Property value`. */
function namesIn(app: App): string[] {
  return resourcesOf(app).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([property]) => /(Name|Identifier|UserId|GroupId|Family|Alias)$/.test(property) && !(`${Type}.${property}` in SHARED))
      .map(([property, value]) => `${Type}.${property} ${JSON.stringify(value)}`)
      // What another resource is called, which AWS made up, or what holds a part of the stack's id.
      .filter((name) => !/"(Ref|Fn::GetAtt|Fn::ImportValue)":/.test(name)),
  );
}

/** A release updates a stack by its name, which nested ones have from CloudFormation; it is refused there. */
const canBeNested = Object.keys(ALL).filter((choice) => !choice.includes('release'));

/** Names of stages are a part of those of their stacks, so a few show it. */
const inStages = ['a database', 'a serverless cache in development', 'settings, parameters, names, traces, alarms and a dashboard'];

function shared(choice: string, place: string, compliance: Compliance): string[] {
  const [dev, prod] = ['dev', 'prod'].map((copy) => namesIn(ALL[choice](compliance, PLACES[place](copy))));
  expect(dev.length).toBeGreaterThan(0);
  return dev.filter((name) => prod.includes(name));
}

describe('two of a kind share no name of an account and region', () => {
  test.each(canBeNested)('DT-62: %s, nested in two stacks', (choice) => {
    expect(shared(choice, 'nested in two stacks', Compliance.standard())).toEqual([]);
  });

  test.each(Object.keys(ALL))('DT-61: %s, where an auditor looks', (choice) => {
    expect(shared(choice, 'as two stacks', Compliance.strict())).toEqual([]);
  });

  test.each(inStages)('DT-61: %s, in two stages', (choice) => {
    expect(shared(choice, 'in two stages', Compliance.strict())).toEqual([]);
  });
});
