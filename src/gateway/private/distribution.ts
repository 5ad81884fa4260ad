import { Stack } from 'aws-cdk-lib';
import { CachePolicy, CfnDistribution, Distribution, OriginRequestPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { IConstruct } from 'constructs';
import { covers } from './pattern';
import { OriginChoices, OriginSide } from './side-origin';
import { validateAtSynth, Violation } from '../../core/private/errors';
import { isUnknown } from '../../core/private/unknown';
import { ComponentKind, TopologyRecord } from '../../core/topology-record';

/** A cache behavior of a distribution, as far as it decides which headers reach the origin. */
interface Behavior {
  readonly targetOriginId?: string;
  readonly cachePolicyId?: unknown;
  readonly originRequestPolicyId?: unknown;
}

/** Returns the distribution that an origin is bound to. */
export function distributionOf(scope: IConstruct): IConstruct {
  return scope.node.scopes.reverse().find((one) => one instanceof Distribution) ?? scope;
}

/** Records in the topology that everyone calls a distribution, which calls a side. */
export function recordDistribution(distribution: IConstruct, { owner, isHttps }: OriginSide): void {
  const record = TopologyRecord.of(distribution);
  const { path } = distribution.node;
  record.addComponent({ id: 'Internet', kind: ComponentKind.INTERNET, label: 'Users' });
  record.addComponent({ id: path, kind: ComponentKind.DISTRIBUTION, label: 'CloudFront', publicFacing: true });
  record.addConnection({ client: 'Internet', server: path, protocol: 'https', port: 443 });
  const [protocol, port] = isHttps ? ['https', 443] : (['http', 80] as const);
  record.addConnection({ client: path, server: owner.node.path, protocol, port: Number(port) });
}

/**
 * Throws at the end of synthesis if a behavior replaces `Host` by the name of the origin, and that is the DNS name of the load balancer, which
 * no certificate contains, or a name that no route is for.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-502-bad-gateway.html
 */
export function requireHostHeader(distribution: IConstruct, originId: string, side: OriginSide, options: OriginChoices): void {
  validateAtSynth(distribution, 'OriginHostHeader', () => {
    const replaced = behaviorsOf(distribution).some((behavior) => behavior.targetOriginId === originId && replacesHost(behavior));
    return replaced ? faultsOf(side, options) : [];
  });
}

function faultsOf({ isHttps, hosts }: OriginSide, { domainName }: OriginChoices): Violation[] {
  const fix = 'set `originRequestPolicy: OriginRequestPolicy.ALL_VIEWER` of the behavior, which forwards the header';
  if (isHttps && domainName === undefined) {
    return [
      {
        prop: 'defaultBehavior',
        must: 'forward `Host`, or the certificate of the load balancer does not contain the name that CloudFront expects (502)',
        fix: `${fix}, or set \`domainName\` of the origin to a name in the certificate`,
      },
    ];
  }
  const all = hosts();
  const isMeant = (pattern: string) => isUnknown(pattern) || covers(pattern.toLowerCase(), domainName!.toLowerCase());
  const isServed = all.some(
    (route) => route === undefined || isUnknown(domainName) || (domainName !== undefined && route.some(isMeant)),
  );
  if (all.length === 0 || isServed) return [];
  return [
    {
      prop: 'defaultBehavior',
      must: 'forward `Host`, or the load balancer answers 404, because each of its routes has other `hosts`',
      got: domainName ?? 'the DNS name of the load balancer',
      fix: `${fix}, or set \`domainName\` of the origin to a host of a route`,
    },
  ];
}

function behaviorsOf(distribution: IConstruct): Behavior[] {
  const { defaultChild } = distribution.node;
  if (!(defaultChild instanceof CfnDistribution)) return [];
  const config = Stack.of(distribution).resolve(defaultChild.distributionConfig) as {
    readonly defaultCacheBehavior?: Behavior;
    readonly cacheBehaviors?: Behavior[];
  };
  return [config.defaultCacheBehavior, ...(config.cacheBehaviors ?? [])].filter((one) => one !== undefined);
}

/** Returns true if it is known that a behavior does not forward `Host`. Policies that the app creates are not judged. */
function replacesHost({ cachePolicyId, originRequestPolicyId }: Behavior): boolean {
  return withoutHost().has(cachePolicyId) && (originRequestPolicyId === undefined || withoutHost().has(originRequestPolicyId));
}

/** The managed policies that do not forward `Host`; a function, because CDK loads CloudFront when it is used. */
function withoutHost(): Set<unknown> {
  return new Set([
    CachePolicy.CACHING_DISABLED.cachePolicyId,
    CachePolicy.CACHING_OPTIMIZED.cachePolicyId,
    CachePolicy.CACHING_OPTIMIZED_FOR_UNCOMPRESSED_OBJECTS.cachePolicyId,
    OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
    OriginRequestPolicy.CORS_CUSTOM_ORIGIN.originRequestPolicyId,
    OriginRequestPolicy.CORS_S3_ORIGIN.originRequestPolicyId,
    OriginRequestPolicy.USER_AGENT_REFERER_HEADERS.originRequestPolicyId,
  ]);
}
