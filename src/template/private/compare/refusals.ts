import { AppTemplates, Resource } from '../app-templates';
import { objectOf } from '../json';
import { namePropertyOf } from './behaviour';
import { capacityInUse } from './capacity';
import { Change, idOf, Refusal } from './change';
import { recordTypes } from './cloud-map';
import { keptNames } from './kept-names';
import { namesInUse } from './service-connect';
import { refusedVersions } from './versions';
import { vpcOriginsInUse } from './vpc-origins';

const CUSTOM_NAMES = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html';
const EXPORTS = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html';
const UPDATES = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html';

/** Returns what CloudFormation, or the service behind a resource, refuses by its documented rules. */
export function refusalsOf(changes: readonly Change[], before: AppTemplates, after: AppTemplates): Refusal[] {
  return [
    ...changes.flatMap(changedType),
    ...changes.flatMap(customName),
    ...changes.flatMap(deletionProtection),
    ...changes.flatMap(refusedVersions),
    ...changes.flatMap(recordTypes),
    ...keptNames(changes),
    ...namesInUse(changes),
    ...capacityInUse(changes),
    ...vpcOriginsInUse(changes),
    ...exportsInUse(changes, before, after),
  ];
}

function changedType({ id, before, after }: Change): Refusal[] {
  if (!before || !after || before.type === after.type) return [];
  const says = `CloudFormation does not change the type of a logical ID, which was ${before.type}; use another logical ID`;
  return [{ rule: 'type', id, isCertain: true, source: UPDATES, says }];
}

function customName({ id, type, outcome, causes, before, after }: Change): Refusal[] {
  if ((outcome !== 'replaced' && outcome !== 'may be replaced') || before?.type !== after?.type) return [];
  const name = namePropertyOf(type);
  if (name === undefined || after!.at(name).isAbsent || causes.some(({ path }) => path === name)) return [];
  const says = `it is replaced, and the new one has the same ${name} as the old one, which still exists; give it another name`;
  return [{ rule: 'custom name', id, isCertain: outcome === 'replaced', source: CUSTOM_NAMES, says }];
}

interface Protection {
  readonly source: string;
  readonly isOn: (resource: Resource) => boolean;
}

const property = (name: string, source: string): Protection => ({
  source,
  isOn: (resource) => resource.at(name).isTrue && resource.at(name).states.length > 0,
});

const PROTECTIONS: Readonly<Record<string, Protection | undefined>> = {
  'AWS::RDS::DBInstance': property(
    'DeletionProtection',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html',
  ),
  'AWS::RDS::DBCluster': property(
    'DeletionProtection',
    'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html',
  ),
  'AWS::EC2::Instance': property(
    'DisableApiTermination',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html',
  ),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    source:
      'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html#deletion-protection',
    isOn: (resource) =>
      resource
        .at('LoadBalancerAttributes')
        .items.some((item) => item.at('Key').text === 'deletion_protection.enabled' && item.at('Value').isTrue),
  },
  'AWS::Cognito::UserPool': {
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html',
    isOn: (resource) => resource.at('DeletionProtection').text === 'ACTIVE',
  },
};

/** The protection that is deployed counts: CloudFormation changes nothing in a resource that it removes or replaces. */
function deletionProtection({ id, type, outcome, policy, before }: Change): Refusal[] {
  const isDeleted = ['removed', 'replaced', 'may be replaced'].includes(outcome) && !policy?.startsWith('Retain');
  const protection = PROTECTIONS[type];
  if (!isDeleted || !before || !protection?.isOn(before)) return [];
  const says =
    'its protection from deletion is on, so the old one remains and leaves the stack; switch it off in a deployment before';
  return [{ rule: 'deletion protection', id, isCertain: outcome !== 'may be replaced', source: protection.source, says }];
}

/** A value that another stack imports can be neither removed nor changed until that stack has been deployed without the import. */
function exportsInUse(changes: readonly Change[], before: AppTemplates, after: AppTemplates): Refusal[] {
  const outcomes = new Map(changes.map(({ id, outcome }) => [id, outcome]));
  const imports = importersIn(before);
  return before.templates.flatMap((old) => {
    const now = after.templates.find(({ name }) => name === old.name);
    if (!now) return [];
    const exports = exportsIn(now);
    return [...exportsIn(old)].flatMap(([name, value]) => {
      const importers = imports.get(name) ?? [];
      const targets = now.value(exports.get(name)).references.map((target) => outcomes.get(idOf(target)));
      const isReplaced = targets.some((outcome) => outcome === 'replaced' || outcome === 'may be replaced');
      const isSame = exports.has(name) && JSON.stringify(exports.get(name)) === JSON.stringify(value) && !isReplaced;
      if (isSame) return [];
      return importers.map((importer): Refusal => {
        // The stack that no longer imports can be deployed first, unless the new app deploys it after the exporting one.
        const next = after.templates.find(({ name: one }) => one === importer);
        const isCertain = next === undefined || next.stacksBefore().has(now.path);
        const what = exports.has(name) ? 'changes' : 'is removed';
        const says = `the export ${name} ${what} while ${importer} imports it; deploy ${importer} without the import first, and keep the export for that deployment`;
        return { rule: 'export in use', id: `${old.name}/${name}`, isCertain, source: EXPORTS, says };
      });
    });
  });
}

function exportsIn(template: Resource['template']): Map<string, unknown> {
  const outputs = Object.values(template.section('Outputs')).map(objectOf);
  const named = outputs.filter(({ Export }) => Export !== undefined);
  return new Map(named.map(({ Export, Value }) => [nameOf(objectOf(Export).Name, template), Value]));
}

/** The names of the stacks that import an export, by its name. */
function importersIn(app: AppTemplates): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const template of app.templates) {
    const values = [...template.resources.map(({ body }) => body), template.section('Outputs')];
    const names = new Set(values.flatMap((value) => importsIn(value)).map((name) => nameOf(name, template)));
    for (const name of names) found.set(name, [...(found.get(name) ?? []), template.name]);
  }
  return found;
}

function importsIn(raw: unknown): unknown[] {
  if (typeof raw !== 'object' || raw === null) return [];
  return Object.entries(raw).flatMap(([key, value]) => (key === 'Fn::ImportValue' ? [value] : importsIn(value)));
}

function nameOf(raw: unknown, template: Resource['template']): string {
  return template.value(raw).text ?? JSON.stringify(raw) ?? '';
}
