import { Duration, Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Credentials, DatabaseInstance, DatabaseInstanceProps } from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { createSchedule, RotatedDatabase, rotateByFunction } from './private/rotation-function';
import { Compliance } from '../core/compliance';
import { acknowledge } from '../core/private/acknowledge';
import { validationError, requireInteger } from '../core/private/errors';
import { guard } from '../core/private/guard';
import { inUnit } from '../core/private/resolved';

const USER = 'app';

/** Options for rotation that RDS manages. */
export interface ManagedRotationOptions {
  /**
   * The time between two rotations, 1 to 365 whole days. It is rendered as a rotation schedule without a function, which Secrets Manager
   * accepts for RDS secrets although the CloudFormation documentation does not mention it. Removing it cancels rotation, so set another
   * time instead.
   *
   * @default - the schedule that RDS sets: every 7 days
   */
  readonly every?: Duration;
}

/** Options for rotation by a function. */
export interface FunctionRotationOptions {
  /**
   * The time between two rotations, 1 to 365 whole days.
   *
   * @default Duration.days(30)
   */
  readonly every?: Duration;
}

/**
 * Specifies how the password of a database is rotated.
 *
 * Rotation changes the password in place. Open connections continue, but new connections with the password that a task started with are
 * rejected until the stack has redeployed the service: the time of a deployment, typically two to five minutes, and up to five minutes more
 * if the event of the rotation is lost. Code that reads the secret at `DATABASE_SECRET_ARN` again when authentication fails needs no
 * redeployment: connect it with `afterRotation: AfterRotation.READ_AGAIN`;
 * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/configuration.md has an example. None of the choices needs a macro in the
 * template.
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
   * RDS creates the secret and changes the password every 7 days, usually within a minute. It needs no function, role or network path.
   *
   * The secret contains only `username` and `password`, costs as much as any other, and is deleted with the instance. The password contains
   * characters that must be encoded in a URL. RDS for PostgreSQL supports neither read replicas nor Blue/Green Deployments for such an
   * instance. An instance that is restored from a snapshot has the old password until you enable password management for it again.
   *
   * @param options time between two rotations
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
   */
  public static managedByRds(options: ManagedRotationOptions = {}): DatabaseRotation {
    return new ManagedByRds(options.every);
  }

  /**
   * A function of your own changes the password in the database and in the secret, which contains `username`, `password`, `engine`, `host`,
   * `port` and `dbname`. Use it for read replicas, or for clients that need a password for longer than a week.
   *
   * It allows Secrets Manager to invoke the function, grants its role access to the secret, and opens the database to it. The function must
   * be able to reach Secrets Manager: its security group allows HTTPS egress, and its subnets have a route to the internet or are those of
   * the mesh. The first rotation takes place after this time and not during the deployment, in which the first migration runs.
   *
   * @param fn function in the stack and the VPC of the database; an imported function needs a role with the permissions and
   * `sameEnvironment: true`
   * @param options time between two rotations
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
   */
  public static byFunction(fn: IFunction, options: FunctionRotationOptions = {}): DatabaseRotation {
    return new ByFunction(fn, options.every ?? Duration.days(30));
  }

  /**
   * A generated password that does not change, for clients that read it once and cannot be restarted.
   *
   * @param reason reason that is shown with the cdk-nag findings about rotation
   */
  public static none(reason: string): DatabaseRotation {
    return new None(reason);
  }

  /** Indicates whether the password changes while tasks run. @internal */
  public readonly _isRotated: boolean = true;

  /** The time between two rotations, if it was specified. @internal */
  public abstract readonly _every?: Duration;

  /** Throws if the settings contradict each other. @internal */
  public _validate(scope: Construct): void {
    const days = inUnit(scope, 'rotation.every', () => this._every?.toDays({ integral: false }));
    requireInteger(scope, 'RotationOutOfRange', 'rotation.every', days, 1, 365);
  }

  /** Returns the properties of the instance that specify who manages its password. @internal */
  public _settings(scope: Construct): Pick<DatabaseInstanceProps, 'credentials' | 'manageMasterUserPassword'> {
    return { credentials: Credentials.fromGeneratedSecret(USER, { encryptionKey: Compliance.of(scope).encryptionKey(scope) }) };
  }

  /**
   * Returns the secret that clients refer to. It is not the attachment, which would make their policies depend on the instance.
   *
   * @internal
   */
  public _secretFor(instance: DatabaseInstance): ISecret {
    return instance.node.findChild('Secret') as ISecret;
  }

  /** Creates the resources of the rotation. @internal */
  public abstract _attach(database: RotatedDatabase): void;
}

guard({ DatabaseRotation });

class ManagedByRds extends DatabaseRotation {
  constructor(public readonly _every?: Duration) {
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
  constructor(
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
        must: 'be a function in the VPC of the mesh, not an alias or a version of one, because the database can be reached only from there',
        got: this.fn.node.path,
        fix: 'give the function `vpc: mesh.vpc` and `vpcSubnets: mesh.taskSubnets`, or import it with its `securityGroup`',
      });
    }
    if (Stack.of(this.fn) !== Stack.of(scope)) {
      throw validationError(scope, 'RotationFunctionInOtherStack', {
        prop: 'rotation.byFunction.fn',
        must: 'be in the stack of the database, because each refers to the other',
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
  public readonly _isRotated: boolean = false;
  public readonly _every?: Duration;

  constructor(private readonly reason: string) {
    super();
  }

  public _validate(scope: Construct): void {
    if (this.reason.trim() !== '') return;
    throw validationError(scope, 'RotationReasonMissing', {
      prop: 'rotation.none.reason',
      must: 'specify why the password is not rotated',
      got: this.reason,
      fix: 'specify the client that reads it once and cannot be restarted, or use `DatabaseRotation.managedByRds()`',
    });
  }

  public _attach({ instance }: RotatedDatabase): void {
    const [secret, reason] = [this._secretFor(instance), this.reason];
    acknowledge(secret, ['AwsSolutions-SMG4', '*-SecretsManagerRotationEnabled'], `Rotation is disabled: ${reason}`);
  }
}
