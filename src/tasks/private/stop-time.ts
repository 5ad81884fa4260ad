import { Duration, Stack } from 'aws-cdk-lib';
import { ApplicationTargetGroup, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { ResolvedContainer } from './resolved-container';
import { validationError, requireInteger, warn } from '../../core/private/errors';
import { requireSeconds } from '../../core/private/require-seconds';
import { requireResolved } from '../../core/private/resolved';
import { Compute } from '../compute';

/** The seconds between the notice of a Spot interruption and the interruption. */
const SPOT_NOTICE = 120;

/** A day, which no container needs. */
const LONGEST = 86_400;

/**
 * Checks that stop timeouts are supported by Fargate and fit into a Spot interruption.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export function checkStopTimes(service: IConstruct, compute: Compute, containers: ResolvedContainer[]): void {
  const onFargate = compute.hosts.length === 0;
  for (const { prop: container, startTimeout, stopTimeout } of containers) {
    const start = `${container}.lifecycle.startTimeout`;
    requireResolved(service, start, startTimeout);
    requireSeconds(service, 'StartTimeoutOutOfRange', start, startTimeout, 2, onFargate ? 120 : LONGEST);
    requireStopTime(service, compute, `${container}.lifecycle.stopTimeout`, stopTimeout);
  }
}

function requireStopTime(service: IConstruct, compute: Compute, prop: string, stopTimeout: Duration): void {
  requireResolved(service, prop, stopTimeout);
  const seconds = stopTimeout.toSeconds({ integral: false });
  if (compute.hosts.length > 0) requireInteger(service, 'StopTimeoutOutOfRange', prop, seconds, 1, LONGEST);
  if (Number.isInteger(seconds) && seconds >= 2 && seconds <= 120) return;
  if (compute.hosts.length === 0) {
    throw validationError(service, 'StopTimeoutOutOfRange', {
      prop,
      must: 'be whole seconds from 2 to 120 on Fargate',
      got: seconds,
      fix: 'save work that takes longer, or use On-Demand hosts with Compute.ec2',
    });
  }
  if (compute._onSpot && seconds > SPOT_NOTICE) {
    warn(
      service,
      'SpotStopTooSlow',
      `\`${prop}\` is ${seconds} s, and a Spot interruption leaves ${SPOT_NOTICE} s; unfinished work is lost`,
    );
  }
}

/**
 * Checks the deregistration delay. On hosts, SIGTERM follows the deregistration of the target, so both times must fit; on Fargate, it comes
 * with the notice.
 */
export function checkDrainTime(
  service: IConstruct,
  compute: Compute,
  containers: ResolvedContainer[],
  targetGroup: ApplicationTargetGroup,
): void {
  const deregistration = deregistrationDelay(targetGroup);
  if (!compute._onSpot || deregistration === undefined) return;
  const stop = compute.hosts.length > 0 ? Math.max(...containers.map(({ stopTimeout }) => stopTimeout.toSeconds())) : 0;
  if (deregistration + stop < SPOT_NOTICE) return;
  const and = stop > 0 ? ` and \`stopTimeout\` (${stop} s) are together` : ' is';
  warn(
    service,
    'SpotDrainTooSlow',
    `\`deregistrationDelay\` (${deregistration} s)${and} not below the ${SPOT_NOTICE} s that a Spot interruption leaves, so requests are cut off; shorten them`,
  );
}

function deregistrationDelay(targetGroup: ApplicationTargetGroup): number | undefined {
  const resource = targetGroup.node.defaultChild as CfnTargetGroup;
  const attributes: CfnTargetGroup.TargetGroupAttributeProperty[] =
    Stack.of(resource).resolve(resource.targetGroupAttributes) ?? [];
  const value = attributes.find(({ key }) => key === 'deregistration_delay.timeout_seconds')?.value;
  return value === undefined ? undefined : Number(value);
}
