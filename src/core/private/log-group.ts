import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { withLife } from './physical-names';
import { Compliance } from '../compliance';

interface LogGroupOptions {
  /** The name, without what keeps the groups of two lives of a stack apart; CloudFormation's own if it is left out. */
  readonly logGroupName?: string;
  /** Whether the name has a part of the stack's id already, or cannot have one. */
  readonly isUnique?: boolean;
  /** What the user asked for. */
  readonly retention?: RetentionDays;
  /** Whether what it belongs to goes with the stack. */
  readonly disposable: boolean;
  /** Whether it is kept whatever the compliance says; one that is disposable never is. */
  readonly keep?: boolean;
}

/** Whether a group stays when its stack is deleted. Logs expire anyway; an auditor wants them all the same. */
function isKept(scope: IConstruct, { disposable, keep }: Pick<LogGroupOptions, 'disposable' | 'keep'>): boolean {
  return !disposable && (keep === true || Compliance.of(scope).isStrict);
}

/** Name of a log group. One that is kept would otherwise be in the way of the same stack made again. */
export function logGroupNameOf(scope: IConstruct, options: LogGroupOptions & { logGroupName: string }): string {
  return isKept(scope, options) && !options.isUnique ? withLife(options.logGroupName) : options.logGroupName;
}

/** A log group as the compliance of its place asks for it. */
export function createLogGroup(scope: Construct, id: string, options: LogGroupOptions): LogGroup {
  const compliance = Compliance.of(scope);
  return new LogGroup(scope, id, {
    logGroupName: options.logGroupName && logGroupNameOf(scope, { ...options, logGroupName: options.logGroupName }),
    retention: options.retention ?? compliance.logRetention,
    encryptionKey: compliance.encryptionKey(scope),
    // A failed first deployment leaves none behind.
    removalPolicy: isKept(scope, options) ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
  });
}
