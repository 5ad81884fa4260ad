import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Compliance } from '../compliance';

interface LogGroupOptions {
  readonly logGroupName?: string;
  /** What the user asked for. */
  readonly retention?: RetentionDays;
  /** Whether what it belongs to goes with the stack. */
  readonly disposable: boolean;
  /** What happens whatever the compliance says. */
  readonly removalPolicy?: RemovalPolicy;
}

/** A log group as the compliance of its place asks for it. */
export function createLogGroup(scope: Construct, id: string, options: LogGroupOptions): LogGroup {
  const compliance = Compliance.of(scope);
  const isKept = compliance.isStrict && !options.disposable;
  return new LogGroup(scope, id, {
    logGroupName: options.logGroupName,
    retention: options.retention ?? compliance.logRetention,
    encryptionKey: compliance.encryptionKey(scope),
    // Logs expire anyway; a group left behind would block the same stack from being created again. An auditor wants them all the same.
    removalPolicy: options.removalPolicy ?? (isKept ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY),
  });
}
