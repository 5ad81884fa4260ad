import { Duration, Stack } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { OfficeHours } from './office-hours';
import { homeOf } from './private/compliance-resources';
import { ConstructState } from './private/construct-state';
import { validationError } from './private/errors';
import { guard } from './private/guard';
import { requireKeyRegion } from './private/key-region';
import { requireResolved } from './private/resolved';

const applied = new ConstructState<Compliance | undefined>('compliance', () => undefined);

/**
 * The constructs that have read the setting, and the answer that each one got. It is kept on the root, so that the app can detect a setting
 * that comes too late.
 */
const asked = new ConstructState('complianceAsked', () => new Map<IConstruct, Compliance>());

/** Options for strict compliance. */
export interface StrictComplianceOptions {
  /**
   * The KMS key for stored data, of the Region of each stack that the compliance applies to; another one is rejected (`KeyRegion`). Its key
   * policy must allow CloudWatch Logs to use it, and let the policies of the account decide; a key that is created in this app gets the
   * statements, and a warning lists them for one that is imported.
   *
   * @default - a key in each stack, rotated every year, 1 USD a month each
   */
  readonly key?: IKey;

  /**
   * The retention period of logs.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays;

  /**
   * The retention period of the daily recovery points in AWS Backup, 1 day or more.
   *
   * @default Duration.days(35)
   */
  readonly backupRetention?: Duration;
}

/**
 * Specifies how far the constructs follow the rules of compliance frameworks. Set it once, for an app, a stack, or part of a stack, before
 * you create anything in it.
 *
 * `strict()` is for workloads that must comply with NIST 800-53, HIPAA or PCI DSS: customer-managed keys with rotation for logs, secrets,
 * queues, databases, caches, file systems and volumes; managed instead of inline policies; logs kept for one year; an AWS Backup plan for
 * databases, file systems and volumes; enhanced monitoring of databases; versioned log buckets; a web ACL on the internal side of gateways
 * too. Plain HTTP from the internet is refused. https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/compliance.md lists each rule,
 * the findings that remain, and the reasons.
 *
 * Choose it before the first deployment: AWS replaces an existing database, cache, file system or volume to encrypt it with another key.
 *
 * Cost of `strict()`: 1 USD a month for each key (a stack has one), about 8 USD for the web ACL of an internal gateway side, 0.05 USD per
 * GB and month of file system backups and database snapshots beyond the free ones at 0.095 (us-east-1, November 2026), and more log storage.
 *
 * @see https://github.com/cdklabs/cdk-nag
 *
 * @example
 * declare const app: App;
 * Compliance.strict().applyTo(app); // first of all
 */
export class Compliance {
  /** The default for every app: no finding in AwsSolutions, and AWS managed keys where AWS offers them. */
  public static standard(): Compliance {
    return Compliance.STANDARD;
  }

  /**
   * The rules of NIST 800-53 R5, HIPAA and PCI DSS 3.2.1.
   *
   * @param options key and retention
   */
  public static strict(options: StrictComplianceOptions = {}): Compliance {
    return new Compliance(options);
  }

  /**
   * Returns the compliance that applies to a construct: its own, or that of the nearest construct around it.
   *
   * @param scope the construct
   */
  public static of(scope: IConstruct): Compliance {
    const chosen = nearest(scope);
    asked.of(scope.node.root).set(scope, chosen);
    return chosen;
  }

  private static readonly STANDARD = new Compliance();

  /** Indicates whether this is `strict()`. */
  public readonly isStrict: boolean;

  /** The retention period of log groups that do not specify their own. */
  public readonly logRetention: RetentionDays;

  private constructor(private readonly options?: StrictComplianceOptions) {
    this.isStrict = options !== undefined;
    this.logRetention = options ? (options.logRetention ?? RetentionDays.ONE_YEAR) : RetentionDays.ONE_MONTH;
  }

  /**
   * Applies the compliance to everything in `scope`.
   *
   * Throws `ComplianceTooLate` if a construct in it has already read a setting that would now differ.
   *
   * @param scope an app, a stack, or a part of one
   */
  public applyTo(scope: IConstruct): void {
    this.validate(scope);
    applied.set(scope, this);
    for (const [construct, answer] of asked.of(scope.node.root)) {
      if (nearest(construct) === answer) continue;
      throw validationError(scope, 'ComplianceTooLate', {
        prop: 'applyTo',
        must: `come before the constructs in its scope, and ${construct.node.path} was made already`,
        fix: 'apply it to the app or stack before you create anything in it',
      });
    }
  }

  /**
   * Returns the key that encrypts the data of a construct; undefined with `standard()`. Use it for resources of your own.
   *
   * @param scope the construct
   */
  public encryptionKey(scope: IConstruct): IKey | undefined {
    return this.options && homeOf(scope, holder(scope)).keyFor(this.options.key);
  }

  /**
   * Adds a resource to the backup plan of its stack, or to a plan for the hours in which it runs; does nothing with `standard()`.
   *
   * @internal
   */
  public _backUp(scope: Construct, resource: BackupResource, hours?: OfficeHours): void {
    if (!this.options) return;
    const { key, backupRetention = Duration.days(35) } = this.options;
    homeOf(scope, holder(scope)).backUp(scope, resource, { key, retention: backupRetention, hours });
  }

  private validate(scope: IConstruct): void {
    if (scope.node.scopes.some((each) => Stack.isStack(each))) requireKeyRegion(scope, 'key', this.options?.key);
    const retention = this.options?.backupRetention;
    if (!retention) return;
    requireResolved(scope, 'backupRetention', retention);
    const days = retention.toDays({ integral: false });
    if (Number.isInteger(days) && days >= 1) return;
    throw validationError(scope, 'StrictBackupRetention', {
      prop: 'backupRetention',
      must: 'be whole days, at least one',
      got: days,
      fix: 'leave it out for 35 days',
    });
  }
}

guard({ Compliance });

/** Returns the nearest construct around `scope` that a compliance was applied to. */
function holder(scope: IConstruct): IConstruct | undefined {
  return [...scope.node.scopes].reverse().find((around) => applied.find(around));
}

function nearest(scope: IConstruct): Compliance {
  const around = holder(scope);
  return (around && applied.find(around)) ?? Compliance.standard();
}
