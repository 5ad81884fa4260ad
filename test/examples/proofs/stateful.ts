import { createHash } from 'crypto';
import type { App } from 'aws-cdk-lib';
import { readTemplate } from '../../../src/template/private/assembly';
import { holdsData, replacing } from '../../../src/template/private/compare/behaviour';
import { Change } from '../../../src/template/private/compare/change';
import { compare } from '../../../src/template/private/compare/compare';

/** What is lost with resources of which CloudFormation's schema does not say that they hold data. */
const ALSO: Record<string, string> = {
  'AWS::EC2::VPC': 'the network, and with it everything in it',
  'AWS::EC2::Subnet': 'everything that has an address in it',
  'AWS::EC2::EIP': 'an address that others may have allowed',
  'AWS::EC2::Instance': 'the host, which is down until the new one has taken its disk over',
  'AWS::ECR::Repository': 'images',
  'AWS::ECS::Cluster': 'every service in it, which is stopped first',
  'AWS::ElastiCache::ServerlessCache': 'everything in the cache',
  'AWS::ElasticLoadBalancingV2::LoadBalancer': 'its DNS name, which others may have stored',
  'AWS::Route53::HostedZone': 'its name servers, which a parent zone points to',
  'AWS::ServiceDiscovery::HttpNamespace': 'every Service Connect name in it',
  'AWS::ServiceDiscovery::PrivateDnsNamespace': 'every name in it',
};

/** What of a stateful resource must not change unnoticed. */
export interface Held {
  readonly type: string;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly properties: Record<string, unknown>;
}

interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties?: Record<string, unknown>;
}

/** By stack and logical id. */
export type Holdings = Record<string, Held>;

export function holdingsOf(app: App): Holdings {
  const found = app.synth().stacksRecursively.flatMap(({ stackName, template }) =>
    Object.entries(template.Resources as Record<string, TemplateResource>)
      .filter(([, { Type }]) => holdsData(Type) || Type in ALSO)
      .map(([id, resource]) => [`${stackName}/${id}`, held(resource)] as const),
  );
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function held({ Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} }: TemplateResource): Held {
  const names = replacing(Type, holdsData(Type)).filter((name) => name in Properties);
  return {
    type: Type,
    deletionPolicy: DeletionPolicy ?? 'Delete',
    updateReplacePolicy: UpdateReplacePolicy ?? 'Delete',
    properties: Object.fromEntries(names.sort().map((name) => [name, short(Properties[name])])),
  };
}

/** Long values by their hash, so that the baseline can be read; asset hashes say that code changed, which replaces nothing here. */
function short(value: unknown): unknown {
  const text = JSON.stringify(value).replace(/\b[0-9a-f]{64}\b/g, '<hash>');
  return text.length > 300 ? createHash('sha256').update(text).digest('hex').slice(0, 16) : JSON.parse(text);
}

/** What a deployment would do to somebody who has deployed the baseline; nothing if it is safe. */
export function dangers(baseline: Holdings, now: Holdings): string[] {
  const stacks = [...new Set([...Object.keys(baseline), ...Object.keys(now)].map((id) => id.split('/')[0]))];
  const changes = stacks.flatMap((stack) => {
    const [before, after] = [baseline, now].map((holdings) => readTemplate(templateOf(stack, holdings), stack).app);
    return compare(before, after).changes;
  });
  const fresh = changes.filter(({ outcome }) => outcome === 'created');
  const gone = changes.filter(({ outcome }) => outcome === 'removed' || outcome === 'kept');
  return [
    ...gone.map(({ id, type }) => {
      const text = loss(baseline[id], baseline[id].deletionPolicy);
      return `${id} (${type}) is gone from the template: ${text}${renamed(type, fresh)}`;
    }),
    ...changes
      .filter(({ id }) => id in baseline && id in now)
      .flatMap((change) =>
        dangersOf(change, baseline[change.id], now[change.id]).map((text) => `${change.id} (${change.type}): ${text}`),
      ),
    ...fresh.map(({ id, type }) => `${id} (${type}) is new: nothing is lost, and the baseline does not hold it yet`),
  ];
}

/** What is held of a stack, as a template. */
function templateOf(stack: string, holdings: Holdings): object {
  const mine = Object.entries(holdings).filter(([id]) => id.split('/')[0] === stack);
  const resource = ({ type, deletionPolicy, updateReplacePolicy, properties }: Held) => ({
    Type: type,
    DeletionPolicy: deletionPolicy,
    UpdateReplacePolicy: updateReplacePolicy,
    Properties: properties,
  });
  return { Resources: Object.fromEntries(mine.map(([id, one]) => [id.slice(stack.length + 1), resource(one)])) };
}

function renamed(type: string, fresh: readonly Change[]): string {
  const likely = fresh.filter((one) => one.type === type).map(({ id }) => id);
  return likely.length === 0 ? '' : `; perhaps its logical id became ${likely.join(' or ')}`;
}

function dangersOf({ causes }: Change, before: Held, now: Held): string[] {
  if (before.type !== now.type) return [`was ${before.type}: CloudFormation refuses to change the type of a logical id`];
  const text = (value: unknown) => JSON.stringify(value) ?? 'absent';
  const replacements = causes.filter(({ behaviour }) => behaviour === 'replaces' || behaviour === 'maybe');
  const policies = (['deletionPolicy', 'updateReplacePolicy'] as const).filter((policy) => before[policy] !== now[policy]);
  return [
    ...replacements.map(({ path, from, to, behaviour, because }) => {
      const sure = behaviour === 'replaces' ? 'is replaced' : 'may be replaced';
      const why = because ?? `${path} changes from ${text(from)} to ${text(to)}`;
      return `${sure}, since ${why}: ${loss(now, now.updateReplacePolicy)}`;
    }),
    ...policies.map((policy) => `${policy} changes from ${before[policy]} to ${now[policy]}`),
  ];
}

function loss({ type }: Held, policy: string): string {
  const what = ALSO[type] ?? 'its data';
  if (policy === 'Snapshot') return `${what} is lost but for a last snapshot`;
  return policy.startsWith('Retain') ? `${what} stays behind, and nothing uses it any more` : `${what} is lost`;
}
