import { createHash } from 'crypto';
import type { App } from 'aws-cdk-lib';
import { isStateful, replacing } from './cloudformation-schema';

/** What is lost with resources that CloudFormation's schema does not call stateful. */
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
      .filter(([, { Type }]) => isStateful(Type) || Type in ALSO)
      .map(([id, resource]) => [`${stackName}/${id}`, held(resource)] as const),
  );
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function held({ Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} }: TemplateResource): Held {
  const names = replacing(Type, isStateful(Type)).filter((name) => name in Properties);
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
  const gone = Object.keys(baseline).filter((id) => !(id in now));
  const fresh = Object.keys(now).filter((id) => !(id in baseline));
  const kept = Object.keys(baseline).filter((id) => id in now);
  return [
    ...gone.map(
      (id) =>
        `${id} (${baseline[id].type}) is gone from the template: ${loss(baseline[id], baseline[id].deletionPolicy)}${renamed(baseline[id], fresh, now)}`,
    ),
    ...kept.flatMap((id) => changes(baseline[id], now[id]).map((change) => `${id} (${now[id].type}): ${change}`)),
    ...fresh.map((id) => `${id} (${now[id].type}) is new: nothing is lost, and the baseline does not hold it yet`),
  ];
}

function renamed({ type }: Held, fresh: string[], now: Holdings): string {
  const likely = fresh.filter((id) => now[id].type === type);
  return likely.length === 0 ? '' : `; perhaps its logical id became ${likely.join(' or ')}`;
}

function changes(before: Held, now: Held): string[] {
  if (before.type !== now.type) return [`was ${before.type}: CloudFormation refuses to change the type of a logical id`];
  const names = [...new Set([...Object.keys(before.properties), ...Object.keys(now.properties)])].sort();
  const texts = (name: string) => [before, now].map(({ properties }) => JSON.stringify(properties[name]) ?? 'absent');
  const replaced = names.filter((name) => texts(name)[0] !== texts(name)[1]);
  const policies = (['deletionPolicy', 'updateReplacePolicy'] as const).filter((policy) => before[policy] !== now[policy]);
  const always = replacing(now.type, false);
  return [
    ...replaced.map((name) => {
      const sure = always.includes(name) ? 'is replaced' : 'may be replaced';
      return `${sure}, since ${name} changes from ${texts(name).join(' to ')}: ${loss(now, now.updateReplacePolicy)}`;
    }),
    ...policies.map((policy) => `${policy} changes from ${before[policy]} to ${now[policy]}`),
  ];
}

function loss({ type }: Held, policy: string): string {
  const what = ALSO[type] ?? 'its data';
  if (policy === 'Snapshot') return `${what} is lost but for a last snapshot`;
  return policy.startsWith('Retain') ? `${what} stays behind, and nothing uses it any more` : `${what} is lost`;
}
