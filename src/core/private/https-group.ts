import { ISecurityGroup, IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { isImmutable, sayMissingRule } from './immutable-group';

export interface HttpsGroupProps {
  readonly vpc: IVpc;
  readonly description: string;
  /** @default 'Image registries and AWS APIs' */
  readonly callsTo?: string;
}

/** Creates a security group that lets nothing in, and only HTTPS out. */
export function createHttpsGroup(scope: Construct, { vpc, description, callsTo }: HttpsGroupProps): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: false, description });
  admitHttps(group, callsTo);
  return group;
}

/** Returns the existing security group with HTTPS out, or creates one. */
export function httpsGroupOf(scope: Construct, props: HttpsGroupProps & { readonly existing?: ISecurityGroup }): ISecurityGroup {
  const { existing, callsTo } = props;
  if (existing === undefined) return createHttpsGroup(scope, props);
  if (isImmutable(existing)) {
    sayMissingRule(existing, 'outbound on TCP 443, for image registries and AWS APIs, unless it allows all outbound traffic');
  } else if (!existing.allowAllOutbound) {
    admitHttps(existing, callsTo);
  }
  return existing;
}

function admitHttps(group: ISecurityGroup, callsTo = 'Image registries and AWS APIs'): void {
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), callsTo);
}
