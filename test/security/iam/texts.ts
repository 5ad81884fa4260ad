type Json = Record<string, unknown>;

interface Resource {
  readonly Type: string;
  readonly Properties?: Json;
}

const REGION = 'us-east-1';
const ACCOUNT = '111111111111';
const PSEUDO: Record<string, string> = {
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Stack',
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Stack/0`,
};

const arn = (service: string, path: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${path}`;

/** Of each type that a policy names, its ARN by logical id, which is an attribute or, for some, the reference itself. */
const ARNS: Record<string, (id: string) => string> = {
  'AWS::Backup::BackupVault': (id) => arn('backup', `backup-vault:${id}`),
  'AWS::DynamoDB::Table': (id) => arn('dynamodb', `table/${id}`),
  'AWS::ECR::Repository': (id) => arn('ecr', `repository/${id}`),
  'AWS::ECS::Cluster': (id) => arn('ecs', `cluster/${id}`),
  'AWS::ECS::Service': (id) => arn('ecs', `service/cluster/${id}`),
  'AWS::ECS::TaskDefinition': (id) => arn('ecs', `task-definition/${id}:1`),
  'AWS::EFS::AccessPoint': (id) => arn('elasticfilesystem', `access-point/${id}`),
  'AWS::EFS::FileSystem': (id) => arn('elasticfilesystem', `file-system/${id}`),
  'AWS::ElasticLoadBalancingV2::Listener': (id) => arn('elasticloadbalancing', `listener/app/${id}/0/0`),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (id) => arn('elasticloadbalancing', `loadbalancer/app/${id}/0`),
  'AWS::Events::Rule': (id) => arn('events', `rule/${id}`),
  'AWS::IAM::OIDCProvider': () => `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  'AWS::KMS::Key': (id) => arn('kms', `key/${id}`),
  'AWS::Kinesis::Stream': (id) => arn('kinesis', `stream/${id}`),
  'AWS::KinesisFirehose::DeliveryStream': (id) => arn('firehose', `deliverystream/${id}`),
  'AWS::Lambda::Function': (id) => arn('lambda', `function:${id}`),
  'AWS::Logs::LogGroup': (id) => arn('logs', `log-group:${id}:*`),
  'AWS::RDS::DBCluster': (id) => arn('rds', `cluster:${id}`),
  'AWS::RDS::DBInstance': (id) => arn('rds', `db:${id}`),
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::SNS::Topic': (id) => arn('sns', id),
  'AWS::SQS::Queue': (id) => arn('sqs', id),
  'AWS::Scheduler::ScheduleGroup': (id) => arn('scheduler', `schedule-group/${id}`),
  'AWS::SecretsManager::Secret': (id) => arn('secretsmanager', `secret:${id}-AbCdEf`),
  'AWS::SecretsManager::SecretTargetAttachment': (id) => arn('secretsmanager', `secret:${id}-AbCdEf`),
  'AWS::WAFv2::WebACL': (id) => arn('wafv2', `regional/webacl/${id}/0`),
};

/** Whose `Ref` is the ARN (the return values of the CloudFormation reference). */
const BY_REFERENCE =
  /::(TaskDefinition|Listener|LoadBalancer|Secret|SecretTargetAttachment|Topic|OIDCProvider)$|^AWS::ECS::Service$/;

/** The values of a template as texts that look like those of a deployed stack. */
export class TemplateTexts {
  private readonly resources: Record<string, Resource>;
  private readonly parameters: Record<string, Json>;

  /** @param all every template of the app, for what one imports of another */
  constructor(
    template: Json,
    private readonly all: Json[],
  ) {
    this.resources = (template.Resources ?? {}) as Record<string, Resource>;
    this.parameters = (template.Parameters ?? {}) as Record<string, Json>;
  }

  public of(value: unknown): string {
    if (typeof value !== 'object' || value === null) return `${value as string}`;
    const [[name, argument] = ['', undefined]] = Object.entries(value);
    const list = [argument].flat() as never[];
    if (name === 'Ref') return this.reference(`${argument as string}`);
    if (name === 'Fn::GetAtt') return this.attribute(list[0], list[1]);
    if (name === 'Fn::Join') return (list[1] as unknown[]).map((one) => this.of(one)).join(list[0]);
    if (name === 'Fn::Sub') return this.substituted(list[0], (list[1] ?? {}) as Json);
    if (name === 'Fn::Select') return this.selected(Number(list[0]), list[1]);
    if (name === 'Fn::If') return this.of(list[2]);
    if (name === 'Fn::ImportValue') return this.imported(this.of(argument));
    throw new Error(`no text is known for ${JSON.stringify(value)}`);
  }

  private reference(id: string): string {
    if (PSEUDO[id]) return PSEUDO[id];
    if (this.parameters[id]) return `${(this.parameters[id].Default as string) ?? id}`;
    const { Type = '', Properties = {} } = this.resources[id] ?? {};
    if (Type === 'AWS::SSM::Parameter') return this.of(Properties.Name);
    return BY_REFERENCE.test(Type) ? this.arnOf(id) : id;
  }

  private attribute(id: string, name: string): string {
    // What RDS makes is named by an attribute.
    if (name === 'MasterUserSecret.SecretArn') return arn('secretsmanager', `secret:${id}-AbCdEf`);
    if (/Arn$|^Id$/.test(name) && ARNS[this.resources[id]?.Type]) return this.arnOf(id);
    if (/Arn$/.test(name)) throw new Error(`no ARN is known for ${this.resources[id]?.Type}`);
    return id;
  }

  private arnOf(id: string): string {
    const create = ARNS[this.resources[id].Type];
    if (!create) throw new Error(`no ARN is known for ${this.resources[id].Type}`);
    return create(id);
  }

  private substituted(text: string, variables: Json): string {
    return text.replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (name in variables) return this.of(variables[name]);
      const [id, ...attribute] = name.split('.');
      return attribute.length > 0 ? this.attribute(id, attribute.join('.')) : this.reference(name);
    });
  }

  private selected(index: number, from: unknown): string {
    const split = (from as Json)['Fn::Split'] as [string, unknown] | undefined;
    return split ? this.of(split[1]).split(split[0])[index] : this.of((from as unknown[])[index]);
  }

  private imported(name: string): string {
    for (const template of this.all) {
      const outputs = Object.values((template.Outputs ?? {}) as Record<string, { Value: unknown; Export?: { Name: unknown } }>);
      const texts = new TemplateTexts(template, this.all);
      const found = outputs.find(({ Export }) => Export && texts.of(Export.Name) === name);
      if (found) return texts.of(found.Value);
    }
    throw new Error(`nothing exports ${name}`);
  }
}
