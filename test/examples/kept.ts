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
  /** Whether it is a last snapshot that stays, and not the resource. */
  readonly isSnapshot: boolean;
  /** Whether it stays after a first deployment that failed, too. */
  readonly outlivesFailure: boolean;
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
    const isSnapshot = policy === 'Snapshot';
    // Snapshots have names that CloudFormation makes up.
    const name = isSnapshot ? undefined : text(Properties[NAMES[type]]);
    return [{ id, type, name, isSnapshot, outlivesFailure: policy !== 'RetainExceptOnCreate' }];
  });
}

function text(name: unknown): string | undefined {
  return name === undefined ? undefined : JSON.stringify(name);
}

/** Kept under a name that the same stack would want again. */
export function inTheWay(kept: Kept[]): string[] {
  return kept.filter(({ name }) => name !== undefined && !name.includes('AWS::StackId')).map(({ id, name }) => `${id} ${name}`);
}

/** In a cell of a table: how many of each type, and whether they would be in the way of the next stack of the same name. */
export function inWords(kept: Kept[]): string {
  const texts = kept.map((one) => {
    const mark = inTheWay([one]).length > 0 ? ' (named)' : '';
    return `${one.isSnapshot ? 'final snapshot of ' : ''}\`${one.type}\`${mark}`;
  });
  const kinds = [...new Set(texts)].sort();
  return kinds.map((kind) => `${texts.filter((one) => one === kind).length} ${kind}`).join(', ') || 'nothing';
}
