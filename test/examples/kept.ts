import type { App } from 'aws-cdk-lib';

interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties?: Record<string, unknown>;
}

/** What stays when its stack is deleted. */
export interface Kept {
  readonly id: string;
  readonly type: string;
  /** Its physical name in one line; undefined where CloudFormation makes one up. */
  readonly name?: string;
}

/** Where the name stands of what may be kept and cannot have the name of another. */
const NAMES: Record<string, string> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::SecretsManager::Secret': 'Name',
};

/** RDS keeps a last snapshot of what has no policy. */
const SNAPSHOT_BY_DEFAULT = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** What stays of an app: nothing that CloudFormation deletes, and of a snapshot the snapshot. */
export function keptOf(app: App): Kept[] {
  return app.synth().stacksRecursively.flatMap(({ template }) => keptIn(template.Resources));
}

export function keptIn(resources: Record<string, TemplateResource>): Kept[] {
  return Object.entries(resources).flatMap(([id, { Type: type, DeletionPolicy, Properties = {} }]) => {
    const policy = DeletionPolicy ?? (SNAPSHOT_BY_DEFAULT.includes(type) ? 'Snapshot' : 'Delete');
    if (policy === 'Delete') return [];
    // Snapshots have names that CloudFormation makes up.
    return [{ id, type, name: policy === 'Snapshot' ? undefined : text(Properties[NAMES[type]]) }];
  });
}

function text(name: unknown): string | undefined {
  return name === undefined ? undefined : JSON.stringify(name);
}

/** Kept under a name that the same stack would want again. */
export function inTheWay(kept: Kept[]): string[] {
  return kept.filter(({ name }) => name !== undefined && !name.includes('AWS::StackId')).map(({ id, name }) => `${id} ${name}`);
}
