import { IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface HttpsGroupProps {
  readonly vpc: IVpc;
  readonly description: string;
  /** @default 'Image registries and AWS APIs' */
  readonly callsTo?: string;
}

/** Creates a security group that lets nothing in, and only HTTPS out. */
export function createHttpsGroup(scope: Construct, { vpc, description, callsTo }: HttpsGroupProps): SecurityGroup {
  const group = new SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: false, description });
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), callsTo ?? 'Image registries and AWS APIs');
  return group;
}
