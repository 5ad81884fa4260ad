import { IncomingMessage } from 'node:http';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

/**
 * Rules of AWSManagedRulesCommonRuleSet of which AWS's page says exactly what they match
 * (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html). The others look for patterns that nobody
 * outside of AWS knows.
 */
const HEADER_RULES: Record<string, (request: IncomingMessage) => boolean> = {
  NoUserAgent_HEADER: ({ headers }) => headers['user-agent'] === undefined,
  SizeRestrictions_QUERYSTRING: ({ url }) => bytes(/\?(.*)/s.exec(url ?? '')?.[1]) > 2048,
  SizeRestrictions_Cookie_HEADER: ({ headers }) => bytes(headers.cookie) > 10_240,
  SizeRestrictions_URIPATH: ({ url }) => bytes((url ?? '').split('?')[0]) > 1024,
};
const BODY_RULE = 'SizeRestrictions_BODY';
const MAX_BODY = 8192;

/** What a web ACL does with a request: `refused`, or the body as far as it had to be read for that. */
export type Inspection = { readonly refused: true } | { readonly refused: false; readonly body?: Buffer };

/** The web ACL in front of a load balancer: the rules that block there, and not only count. */
export class Firewall {
  constructor(public readonly blocking: readonly string[]) {}

  public refusesHead(request: IncomingMessage): boolean {
    return this.blocking.some((name) => HEADER_RULES[name]?.(request));
  }

  public async inspect(request: IncomingMessage): Promise<Inspection> {
    if (this.refusesHead(request)) return { refused: true };
    if (!this.blocking.includes(BODY_RULE)) return { refused: false };
    const length = request.headers['content-length'];
    if (length !== undefined) return { refused: Number(length) > MAX_BODY };
    if (request.headers['transfer-encoding'] === undefined) return { refused: false };
    const body = await readUpTo(request, MAX_BODY);
    return body ? { refused: false, body } : { refused: true };
  }
}

/** The firewall of each load balancer by its ARN; a web ACL from elsewhere is not in the template and not here. */
export function readFirewalls(resolver: Resolver): Map<string, Firewall> {
  const webAcls = new Map(
    resolver.resources('AWS::WAFv2::WebACL').map((resource) => {
      const arn = resolver.evaluate(resource.stack, { 'Fn::GetAtt': [resource.logicalId, 'Arn'] }, resource.key) as string;
      return [arn, new Firewall(resolver.read(resource).get('Rules').items().flatMap(blockingRules))];
    }),
  );
  const associations = resolver.resources('AWS::WAFv2::WebACLAssociation').map((resource) => resolver.read(resource));
  return new Map(
    associations.flatMap((association) => {
      const firewall = webAcls.get(association.get('WebACLArn').string());
      return firewall ? [[association.get('ResourceArn').string(), firewall] as const] : [];
    }),
  );
}

/** A group for some requests only is left out: which they are is not known here. */
function blockingRules(rule: Reader): string[] {
  const group = rule.get('Statement').get('ManagedRuleGroupStatement');
  const isCommon = group.get('Name').optional() === 'AWSManagedRulesCommonRuleSet';
  if (!isCommon || group.get('ScopeDownStatement').exists || rule.get('OverrideAction').get('Count').exists) return [];
  const overridden = group
    .get('RuleActionOverrides')
    .items()
    .filter((item) => !item.get('ActionToUse').get('Block').exists);
  const counted = [...overridden, ...group.get('ExcludedRules').items()].map((item) => item.get('Name').string());
  return [...Object.keys(HEADER_RULES), BODY_RULE].filter((name) => !counted.includes(name));
}

/** The whole body, or nothing where it is larger. */
async function readUpTo(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function bytes(text = ''): number {
  return Buffer.byteLength(text);
}
