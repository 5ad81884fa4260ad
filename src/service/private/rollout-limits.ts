import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError, requireInteger } from '../../core/private/errors';
import { inUnit } from '../../core/private/resolved';
import { isUnknown } from '../../core/private/unknown';
import { Scaling } from '../scaling';
import { TestTraffic } from '../test-traffic';

/** Throws unless the time is a token in minutes or whole minutes from 0 to `max`. */
export function requireMinutes(scope: IConstruct, prop: string, time: Duration, max: number): void {
  const minutes = inUnit(scope, prop, () => time.toMinutes({ integral: false }));
  if (time.isUnresolved()) return;
  if (Number.isInteger(minutes) && minutes <= max) return;
  throw validationError(scope, 'RolloutTime', {
    prop,
    must: `be whole minutes from 0 to ${max}`,
    got: `${time.toSeconds({ integral: false })} seconds`,
    fix: 'choose a duration in that range, such as Duration.minutes(10)',
  });
}

/** Throws unless the share is a token or a multiple of 0.1 from `min` to 100. */
export function requireTenths(scope: IConstruct, prop: string, percent: number, min: number): void {
  if (isUnknown(percent)) return;
  if (percent >= min && percent <= 100 && Number(percent.toFixed(1)) === percent) return;
  throw validationError(scope, 'RolloutPercent', {
    prop,
    must: `be from ${min} to 100 in steps of 0.1`,
    got: percent,
    fix: 'choose a share in that range',
  });
}

/** Throws if a deployment takes longer than CloudFormation allows. `prop` names both props, with the quotes between them. */
export function requireTotal(scope: IConstruct, prop: string, times: Duration[], max: number): void {
  if (times.some((time) => time.isUnresolved())) return;
  const minutes = times.reduce((sum, time) => sum + time.toMinutes(), 0);
  if (minutes <= max) return;
  throw validationError(scope, 'RolloutTooLong', {
    prop,
    must: `together be at most ${max} minutes, since CloudFormation refuses deployments of more than 33 hours`,
    got: `${minutes} minutes`,
    fix: 'shorten one of them',
  });
}

/** The percentages of a deployment; those of CDK's interface are optional. */
export interface Percents {
  readonly minHealthyPercent: number;
  readonly maxHealthyPercent: number;
}

/**
 * Throws if a deployment can neither start a task nor stop one while the service has its minimum of tasks. ECS rounds the minimum up and
 * the maximum down, so that 50 and 150 percent of one task are one task; with more tasks, both only move apart.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function requireMovement(scope: IConstruct, percents: Percents, { _bounds: { least, most } }: Scaling): void {
  const { minHealthyPercent: min, maxHealthyPercent: max } = percents;
  if ([min, max, least, most].some((value) => isUnknown(value))) return;
  const tasks = Math.max(1, least);
  if (most < tasks || Math.floor((tasks * max) / 100) > tasks || Math.ceil((tasks * min) / 100) < tasks) return;
  const text = tasks === 1 ? 'one task' : `${tasks} tasks`;
  throw validationError(scope, 'RolloutCannotMove', {
    prop: ['rollout.minHealthyPercent', 'rollout.maxHealthyPercent'],
    must: `let ECS start or stop a task while there ${tasks === 1 ? 'is' : 'are'} ${text}: it rounds the minimum up and the maximum down, and both are ${text}`,
    got: { minHealthyPercent: min, maxHealthyPercent: max },
    fix: `set \`maxHealthyPercent\` to ${100 + Math.ceil(100 / tasks)} or more to start a task first, or \`minHealthyPercent\` to ${Math.floor(100 - 100 / tasks)} or less to stop one first`,
  });
}

/** Throws unless a load balancer supports the header or the port. */
export function requireTestTraffic(scope: IConstruct, testTraffic: TestTraffic | undefined): void {
  const { _header: header, _port: port } = testTraffic ?? {};
  requireInteger(scope, 'TestTrafficPort', 'rollout.testTraffic.port', port, 1, 65535);
  if (port === 80 || port === 443) {
    throw validationError(scope, 'TestTrafficPort', {
      prop: 'rollout.testTraffic.port',
      must: 'be a port other than 80 and 443, which production traffic uses',
      got: port,
      fix: 'choose for example 8443',
    });
  }
  if (!header) return;
  const isToken = isUnknown(header.name) || isUnknown(header.value);
  if (
    isToken ||
    (/^[A-Za-z0-9-]{1,40}$/.test(header.name) && /^[\x21-\x7e]{1,128}$/.test(header.value) && !/[*?]/.test(header.value))
  ) {
    return;
  }
  throw validationError(scope, 'TestTrafficHeader', {
    prop: 'rollout.testTraffic',
    must: 'have a name of 1 to 40 letters, digits and `-`, and a value of 1 to 128 visible characters without `*` and `?`',
    got: header,
    fix: "write it like TestTraffic.header('X-Version', 'next')",
  });
}
