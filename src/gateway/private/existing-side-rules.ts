import { Arn, ArnFormat, CfnResource, Stack } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { validationError } from '../../core/private/errors';
import { ofImport } from '../../core/private/of-import';
import { isUnknown } from '../../core/private/unknown';
import { GatewaySideAttributes } from '../gateway-side-attributes';

/** Values that CDK returns before a look-up. */
const PENDING = /\/my-load-balancer\/|^vpc-12345$/;

/** Rejects parts that do not belong together, as far as synthesis knows them. ELB would reject the rule or the target group. */
export function requireOneLoadBalancer(scope: IConstruct, { listener, loadBalancer, network }: GatewaySideAttributes): void {
  if (listener.connections.securityGroups.some((group) => (group as unknown) === undefined)) {
    throw validationError(scope, 'ImportIncomplete', {
      prop: 'listener',
      must: 'be imported with the security group of its load balancer',
      got: listener.node.path,
      fix: 'pass `securityGroup` to ApplicationListener.fromApplicationListenerAttributes, with `mutable: false` if its owner adds the rules',
    });
  }
  requireListener(scope, listener.listenerArn, loadBalancer.loadBalancerArn);
  requireVpc(scope, loadBalancer, network.vpc);
}

/** Rejects a record for a load balancer that was imported without the ID of the zone of its own name. */
export function requireZoneId(scope: IConstruct, loadBalancer: IApplicationLoadBalancer): void {
  ofImport(scope, () => loadBalancer.loadBalancerCanonicalHostedZoneId, {
    prop: 'loadBalancer',
    needs: 'its hosted zone ID, to which a record refers',
    got: loadBalancer,
    fix: 'pass `loadBalancerCanonicalHostedZoneId` to ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes, or leave `recordName` out',
  });
}

function requireListener(scope: IConstruct, listenerArn: string, loadBalancerArn: string): void {
  const fail = (must: string, fix: string) =>
    validationError(scope, 'SideListener', { prop: 'listener', must, got: listenerArn, fix });
  if (isUnknown(listenerArn) || PENDING.test(listenerArn)) return;
  const form = /^arn:[^:]+:elasticloadbalancing:[^:]+:[^:]+:listener\/app\/([^/]+\/[^/]+)\/[^/]+$/.exec(listenerArn);
  if (!form) {
    throw fail(
      'be a listener of an Application Load Balancer, to which rules can be added',
      'copy its ARN, with `:listener/app/`, from `aws elbv2 describe-listeners`',
    );
  }
  requirePlace(listenerArn, Stack.of(scope), (must) =>
    fail(must, 'create the side in a stack with the account and Region of its load balancer'),
  );
  if (isUnknown(loadBalancerArn) || PENDING.test(loadBalancerArn)) return;
  if (loadBalancerArn.endsWith(`:loadbalancer/app/${form[1]}`)) return;
  throw fail(`be a listener of the load balancer ${loadBalancerArn}`, 'give the two that belong together');
}

function requirePlace(arn: string, stack: Stack, fail: (must: string) => Error): void {
  const place = Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME);
  for (const part of ['account', 'region'] as const) {
    if (isUnknown(stack[part]) || place[part] === stack[part]) continue;
    throw fail(`be in the ${part === 'region' ? 'Region' : part} of the side (${stack[part]})`);
  }
}

function requireVpc(scope: IConstruct, { vpc: own }: IApplicationLoadBalancer, network: IVpc): void {
  if (!own || !differ(own, network)) return;
  throw validationError(scope, 'SideNetwork', {
    prop: 'network',
    must: `be in the VPC of the load balancer (${nameOf(own)}), in which its targets are registered`,
    got: nameOf(network),
    fix: 'pass the mesh in that VPC, or a load balancer in this one',
  });
}

/** Returns true for two VPCs that are certainly not the same. */
function differ(one: IVpc, other: IVpc): boolean {
  if (isMade(one) && isMade(other)) return one.vpcId !== other.vpcId;
  return [one, other].every(({ vpcId }) => !isUnknown(vpcId) && !PENDING.test(vpcId)) && one.vpcId !== other.vpcId;
}

function isMade({ node }: IVpc): boolean {
  return CfnResource.isCfnResource(node.defaultChild);
}

function nameOf({ vpcId, node }: IVpc): string {
  return isUnknown(vpcId) ? node.path : vpcId;
}
