import { Duration } from 'aws-cdk-lib';
import { BackupResource } from 'aws-cdk-lib/aws-backup';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IConstruct } from 'constructs';
import { OfficeHours } from './office-hours';
import { homeOf } from './private/compliance-resources';
import { validationError } from './private/errors';
import { requireResolved } from './private/resolved';

const APPLIED = Symbol.for('cdk-ecs-mesh.compliance');
const ASKED = Symbol.for('cdk-ecs-mesh.compliance.asked');

/** Choices of a user with an auditor. */
export interface StrictComplianceOptions {
  /**
   * Key for everything that is stored. Its policy must let CloudWatch Logs use it; a key made in this app gets the statement.
   *
   * @default - a key in each stack, rotated every year, 1 USD a month each
   */
  readonly key?: IKey;

  /**
   * Time for which logs are kept.
   *
   * @default RetentionDays.ONE_YEAR
   */
  readonly logRetention?: RetentionDays;

  /**
   * Time for which AWS Backup keeps a daily recovery point, 1 day or more.
   *
   * @default Duration.days(35)
   */
  readonly backupRetention?: Duration;
}

/**
 * How much of what auditors ask for the constructs do: chosen once, for an app, a stack or a part of one, before anything is made in it.
 *
 * `strict()` is for those who are held to NIST 800-53, HIPAA or PCI DSS: customer-managed keys with rotation for logs, secrets, queues,
 * databases, caches, file systems and volumes; managed instead of inline policies; logs for a year; an AWS Backup plan for databases,
 * file systems and volumes; enhanced monitoring of databases; versioned log buckets; a web ACL on the internal side of gateways too. Plain
 * HTTP from the internet is refused. `docs/compliance.md` has each rule, what remains, and why.
 *
 * Choose it before the first deployment: to encrypt an existing database, cache, file system or volume with another key, AWS makes it anew.
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
  /** What every app gets without a choice: no finding in AwsSolutions, and AWS-managed keys where AWS has them. */
  public static standard(): Compliance {
    return Compliance.STANDARD;
  }

  /**
   * What NIST 800-53 R5, HIPAA and PCI DSS 3.2.1 ask for.
   *
   * @param options key and retention
   */
  public static strict(options: StrictComplianceOptions = {}): Compliance {
    return new Compliance(options);
  }

  /**
   * What was chosen for a construct: by itself, or by the nearest construct around it.
   *
   * @param scope the construct
   */
  public static of(scope: IConstruct): Compliance {
    const chosen = nearest(scope);
    askedIn(scope.node.root).set(scope, chosen);
    return chosen;
  }

  private static readonly STANDARD = new Compliance();

  /** Whether this is `strict()`. */
  public readonly isStrict: boolean;

  /** Time for which constructs keep their logs, unless they are told otherwise. */
  public readonly logRetention: RetentionDays;

  private constructor(private readonly options?: StrictComplianceOptions) {
    this.isStrict = options !== undefined;
    this.logRetention = options ? (options.logRetention ?? RetentionDays.ONE_YEAR) : RetentionDays.ONE_MONTH;
  }

  /**
   * Make this the choice for everything in `scope`.
   *
   * Throws `ComplianceTooLate` if a construct in it has asked before, and would have to be another.
   *
   * @param scope an app, a stack, or a part of one
   */
  public applyTo(scope: IConstruct): void {
    this.validate(scope);
    Object.defineProperty(scope, APPLIED, { value: this, configurable: true });
    for (const [asked, answer] of askedIn(scope.node.root)) {
      if (nearest(asked) === answer) continue;
      throw validationError(scope, 'ComplianceTooLate', {
        prop: 'applyTo',
        must: `come before the constructs in its scope, and ${asked.node.path} was made already`,
        fix: 'apply it to the app or stack before you make anything in it',
      });
    }
  }

  /**
   * The key for what a construct stores; undefined with `standard()`. Use it for resources of your own.
   *
   * @param scope the construct
   */
  public encryptionKey(scope: IConstruct): IKey | undefined {
    return this.options && homeOf(scope, holder(scope)).keyFor(this.options.key);
  }

  /**
   * Puts a resource into the backup plan of its stack, or into one for the hours in which it runs; nothing with `standard()`.
   *
   * @internal
   */
  public _backUp(scope: Construct, resource: BackupResource, hours?: OfficeHours): void {
    if (!this.options) return;
    const { key, backupRetention = Duration.days(35) } = this.options;
    homeOf(scope, holder(scope)).backUp(scope, resource, { key, retention: backupRetention, hours });
  }

  private validate(scope: IConstruct): void {
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

interface Holder extends IConstruct {
  [APPLIED]?: Compliance;
}

/** The construct around `scope` that a choice was applied to. */
function holder(scope: IConstruct): IConstruct | undefined {
  return [...scope.node.scopes].reverse().find((around) => (around as Holder)[APPLIED]);
}

function nearest(scope: IConstruct): Compliance {
  return (holder(scope) as Holder | undefined)?.[APPLIED] ?? Compliance.standard();
}

/** Who has asked, and what the answer was; on the root, so that an app can tell that a choice comes too late. */
function askedIn(root: IConstruct): Map<IConstruct, Compliance> {
  const known = root as IConstruct & { [ASKED]?: Map<IConstruct, Compliance> };
  if (!known[ASKED]) Object.defineProperty(known, ASKED, { value: new Map() });
  return known[ASKED]!;
}
