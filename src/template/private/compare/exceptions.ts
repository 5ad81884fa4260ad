/** The effects that a change of a property can have, from the mildest to the most severe. */
export const BEHAVIOURS = ['none', 'some', 'maybe', 'replaces'] as const;

/** `none` for no interruption, `some` for some interruptions, `maybe` if the resource can be replaced. */
export type Behaviour = (typeof BEHAVIOURS)[number];

/** The facts about a type that its schema omits, or that contradict the documentation of the type. */
interface Exceptions {
  readonly source: string;
  readonly changes: Readonly<Record<string, Behaviour>>;
  /** The behavior of all other properties, if the schemas do not contain the type. */
  readonly otherwise?: Behaviour;
}

const REFERENCE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference';

function every(behaviour: Behaviour, names: string): Record<string, Behaviour> {
  return Object.fromEntries(names.split(' ').map((name) => [name, behaviour]));
}

/**
 * The schemas know two kinds of properties, those that replace and those that replace under conditions. For the second kind, the pages of
 * these types say "Some interruptions"; the schemas contain no interruptions at all.
 */
export const EXCEPTIONS: Readonly<Record<string, Exceptions | undefined>> = {
  'AWS::RDS::DBInstance': {
    source: `${REFERENCE}/aws-resource-rds-dbinstance.html`,
    changes: {
      ...every('some', 'AutoMinorVersionUpgrade AvailabilityZone BackupRetentionPeriod DBInstanceClass DBParameterGroupName'),
      ...every('some', 'MultiAZ PerformanceInsightsKMSKeyId PreferredMaintenanceWindow StorageType'),
      // A restart, says the page of the action: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
      ...every('some', 'EngineVersion CACertificateIdentifier'),
    },
  },
  'AWS::EC2::Instance': {
    source: `${REFERENCE}/aws-resource-ec2-instance.html`,
    changes: {
      // An instance with a root volume of Amazon EBS, the only kind in current families, is stopped and started.
      ...every('some', 'InstanceType EbsOptimized UserData'),
      SecurityGroupIds: 'none',
    },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html',
    changes: {
      // One node after the other: each failover breaks connections.
      ...every('some', 'EngineVersion CacheNodeType'),
      // The schema says that it replaces; the page says that Redis OSS becomes Valkey "through in-place migration":
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-replicationgroup.html
      Engine: 'maybe',
    },
  },
  'AWS::EC2::Volume': {
    // The schema says that they change in place; the action that changes a volume has no such parameters.
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html',
    changes: every('maybe', 'AvailabilityZone AvailabilityZoneId Encrypted KmsKeyId OutpostArn SnapshotId SourceVolumeId'),
  },
  // The provider of a custom resource decides by the physical ID that it returns.
  'AWS::CloudFormation::CustomResource': {
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html',
    changes: {},
    otherwise: 'maybe',
  },
  'AWS::CDK::Metadata': {
    source: 'https://docs.aws.amazon.com/cdk/v2/guide/usage-data.html',
    changes: {},
    otherwise: 'none',
  },
};

/** Attributes that can have another value after an update in place; identifiers, addresses and ARNs are kept. */
export const CHANGING_ATTRIBUTES: Readonly<Record<string, RegExp | undefined>> = {
  'AWS::EC2::LaunchTemplate': /^(?:Latest|Default)VersionNumber$/,
  'AWS::CloudFormation::CustomResource': /./,
  'AWS::CloudFormation::Stack': /^Outputs\./,
  'AWS::SSM::Parameter': /^Value$/,
};
