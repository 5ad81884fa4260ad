import type { App } from 'aws-cdk-lib';

interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Record<string, unknown>;
}

export type Resources = Record<string, TemplateResource>;

/** Of these CloudFormation takes a snapshot unless it is told to delete them. */
const SNAPSHOT_BY_DEFAULT = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'];

/** Properties that keep a resource from being deleted, wherever they stand, and the value that does. */
const PROTECTIONS: Record<string, string> = {
  DeletionProtection: 'true',
  DeletionProtectionEnabled: 'true',
  DisableApiTermination: 'true',
  EnableTerminationProtection: 'true',
  ManagedTerminationProtection: 'ENABLED',
  NewInstancesProtectedFromScaleIn: 'true',
  'deletion_protection.enabled': 'true',
};

/** What would stay after the stack is deleted, or keep it from being deleted; nothing in development mode. */
export function leftovers(resources: Resources): string[] {
  return Object.entries(resources).flatMap(([id, resource]) => complaints(id, resource, resources).map((text) => `${id}: ${text}`));
}

export function resourcesOf(app: App): Resources {
  const stacks = app.synth().stacksRecursively;
  return Object.assign({}, ...stacks.map(({ template }) => template.Resources as Resources)) as Resources;
}

function complaints(id: string, resource: TemplateResource, all: Resources): string[] {
  const { Type, Properties = {} } = resource;
  const fallback = SNAPSHOT_BY_DEFAULT.includes(Type) ? 'Snapshot' : 'Delete';
  const { DeletionPolicy = fallback, UpdateReplacePolicy = fallback } = resource;
  return [
    ...(DeletionPolicy === 'Delete' ? [] : [`DeletionPolicy ${DeletionPolicy} keeps it`]),
    ...(UpdateReplacePolicy === 'Delete' ? [] : [`UpdateReplacePolicy ${UpdateReplacePolicy} keeps what it replaces`]),
    ...protections(Properties),
    ...(Type === 'AWS::S3::Bucket' && !isEmptied(id, all) ? ['a bucket with objects cannot be deleted'] : []),
    ...(Type === 'AWS::ECR::Repository' && Properties.EmptyOnDelete !== true ? ['a repository with images cannot be deleted'] : []),
    ...(Type === 'Custom::LogRetention' && Properties.RemovalPolicy !== 'destroy' ? ['the log group that it makes stays'] : []),
    ...(Type === 'AWS::RDS::DBInstance' && Properties.DeleteAutomatedBackups === false ? ['automated backups stay'] : []),
    ...(Type === 'AWS::EFS::FileSystem' && backsUp(Properties) ? ['recovery points of AWS Backup stay'] : []),
  ];
}

/** What refuses to be deleted, by type, as a rollback meets it too. */
export function refusals(resources: Resources): Record<string, number> {
  const types = Object.values(resources)
    .filter(({ Properties = {} }) => protections(Properties).length > 0)
    .map(({ Type }) => Type)
    .sort();
  return Object.fromEntries(types.map((type) => [type, types.filter((other) => other === type).length]));
}

function protections(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Key, Value } = value as { Key?: unknown; Value?: unknown };
  const pairs = [...Object.entries(value), ...(typeof Key === 'string' ? [[Key, Value] as const] : [])];
  return [
    ...pairs.filter(([name, one]) => PROTECTIONS[name] === `${one}`).map(([name]) => `${name} protects it`),
    ...Object.values(value).flatMap(protections),
  ];
}

function isEmptied(id: string, all: Resources): boolean {
  return Object.values(all).some(
    ({ Type, Properties }) =>
      Type === 'Custom::S3AutoDeleteObjects' && JSON.stringify(Properties?.BucketName) === JSON.stringify({ Ref: id }),
  );
}

function backsUp({ BackupPolicy }: Record<string, unknown>): boolean {
  return (BackupPolicy as { Status?: string } | undefined)?.Status === 'ENABLED';
}
