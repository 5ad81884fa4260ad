import { Duration, Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceProps } from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { createSchedule, RotatedDatabase, rotateByFunction } from './private/rotation-function';
import { Compliance } from '../core/compliance';
import { acknowledge, acknowledgeInPacks } from '../core/private/acknowledge';
import { validationError, requireInteger } from '../core/private/errors';
import { inUnit } from '../core/private/resolved';

const USER = 'app';

/** Options for a password that RDS rotates. */
export interface ManagedRotationOptions {
  /**
   * Time between two rotations, 1 to 365 whole days. Written as a schedule of its own, without a function: Secrets Manager accepts that for
   * secrets of RDS, while CloudFormation's page does not say so. Taking it out again cancels the rotation, so set another time instead.
   *
   * @default - the schedule that RDS sets: every 7 days
   */
  readonly every?: Duration;
}

/** Options for a password that a function rotates. */
export interface FunctionRotationOptions {
  /**
   * Time between two rotations, 1 to 365 whole days.
   *
   * @default Duration.days(30)
   */
  readonly every?: Duration;
}

/**
 * Rotation of the password of a database.
 *
 * A rotation changes the password in place. Open connections go on; a new one with the password that a task started with is refused. Code that
 * reads its password once therefore needs a restart after each rotation, or `none`. Code that rotates along reads the secret at
 * `DATABASE_SECRET_ARN` again when it is refused: docs/configuration.md has it. No rotation needs a macro in the template.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_managed.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 * new PostgresDatabase(this, 'Database', {
 *   mesh,
 *   rotation: DatabaseRotation.none('The reporting tool reads its password once, and nobody restarts it.'),
 * });
 */
export abstract class DatabaseRotation {
  /**
   * RDS makes the secret, and changes the password every 7 days, usually within a minute. No function, no role and no network path is needed.
   *
   * The secret has `username` and `password` only, costs as much as any other, and is deleted with the instance. The password has characters that
   * have to be encoded in a URL. RDS for PostgreSQL cannot make read replicas of such an instance, nor Blue/Green Deployments. An instance restored
   * from a snapshot has the old password until RDS is told to manage it again.
   *
   * @param options time between two rotations
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
   */
  public static managedByRds(options: ManagedRotationOptions = {}): DatabaseRotation {
    return new ManagedByRds(options.every);
  }

  /**
   * A function of your own changes the password in the database and in the secret, which has `username`, `password`, `engine`, `host`, `port`
   * and `dbname`. For read replicas, or for clients that need more than a week with one password.
   *
   * Gives Secrets Manager the right to call it, its role the rights on the secret, and opens the database to it. It has to reach Secrets Manager:
   * its security group lets HTTPS out, and its subnets have a way to the internet or are those of the mesh. First rotates after the time is over,
   * not in the deployment, in which the first migration runs.
   *
   * @param fn function in the stack and the VPC of the database; an imported one brings its role's rights and `sameEnvironment: true`
   * @param options time between two rotations
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  public static byFunction(fn: IFunction, options: FunctionRotationOptions = {}): DatabaseRotation {
    return new ByFunction(fn, options.every ?? Duration.days(30));
  }

  /**
   * A generated password that stays. For clients that read it once and cannot be restarted.
   *
   * @param reason shown with the finding in the packs of cdk-nag, which ask for a rotation
   */
  public static none(reason: string): DatabaseRotation {
    return new None(reason);
  }

  /** Time between two rotations, where it was chosen. @internal */
  public abstract readonly _every?: Duration;

  /** Throws on what cannot be. @internal */
  public _validate(scope: Construct): void {
    const days = inUnit(scope, 'rotation.every', () => this._every?.toDays({ integral: false }));
    requireInteger(scope, 'RotationOutOfRange', 'rotation.every', days, 1, 365);
  }

  /** Settings of the instance that decide who keeps its password. @internal */
  public _settings(scope: Construct): Pick<DatabaseInstanceProps, 'credentials' | 'manageMasterUserPassword'> {
    return { credentials: Credentials.fromGeneratedSecret(USER, { encryptionKey: Compliance.of(scope).encryptionKey(scope) }) };
  }

  /** The secret that clients name: not its attachment, behind which their policies would be made after the instance. @internal */
  public _secretFor(instance: DatabaseInstance): ISecret {
    return instance.node.findChild('Secret') as ISecret;
  }

  /** Makes what rotates. @internal */
  public abstract _attach(database: RotatedDatabase): void;
}

class ManagedByRds extends DatabaseRotation {
  public constructor(public readonly _every?: Duration) {
    super();
  }

  public _settings(scope: Construct) {
    const encryptionKey = Compliance.of(scope).encryptionKey(scope);
    return { manageMasterUserPassword: true, credentials: Credentials.fromUsername(USER, { encryptionKey }) };
  }

  public _secretFor(instance: DatabaseInstance): ISecret {
    return instance.secret!;
  }

  public _attach({ instance }: RotatedDatabase): void {
    if (this._every) createSchedule(instance.secret!, this._every);
  }
}

class ByFunction extends DatabaseRotation {
  public constructor(
    private readonly fn: IFunction,
    public readonly _every: Duration,
  ) {
    super();
  }

  public _validate(scope: Construct): void {
    super._validate(scope);
    if (!this.fn.isBoundToVpc) {
      throw validationError(scope, 'RotationFunctionOutsideVpc', {
        prop: 'rotation.byFunction.fn',
        must: 'be a function in the VPC of the mesh, not an alias or a version of one, since the database is reached from nowhere else',
        got: this.fn.node.path,
        fix: 'give the function `vpc: mesh.vpc` and `vpcSubnets: mesh.taskSubnets`, or import it with its `securityGroup`',
      });
    }
    if (Stack.of(this.fn) !== Stack.of(scope)) {
      throw validationError(scope, 'RotationFunctionInOtherStack', {
        prop: 'rotation.byFunction.fn',
        must: 'be in the stack of the database: each of the two names the other',
        got: this.fn.node.path,
        fix: 'move it there, or import it there with `Function.fromFunctionAttributes`',
      });
    }
  }

  public _attach(database: RotatedDatabase): void {
    rotateByFunction(database, this.fn, this._every);
  }
}

class None extends DatabaseRotation {
  public readonly _every?: Duration;

  public constructor(private readonly reason: string) {
    super();
  }

  public _validate(scope: Construct): void {
    // From JavaScript the reason can be missing.
    if (typeof this.reason === 'string' && this.reason.trim() !== '') return;
    throw validationError(scope, 'RotationReasonMissing', {
      prop: 'rotation.none.reason',
      must: 'say why the password stays',
      got: this.reason ?? null,
      fix: 'write who reads it once and cannot be restarted, or use `DatabaseRotation.managedByRds()`',
    });
  }

  public _attach({ instance }: RotatedDatabase): void {
    const [secret, reason] = [this._secretFor(instance), this.reason];
    acknowledge(secret, 'AwsSolutions-SMG4', `No rotation was asked for: ${reason}`);
    acknowledgeInPacks(secret, 'SecretsManagerRotationEnabled', `No rotation was asked for: ${reason}`);
  }
}
