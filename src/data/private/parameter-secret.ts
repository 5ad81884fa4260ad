import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IParameter } from 'aws-cdk-lib/aws-ssm';
import { keyStatements } from '../../core/private/key-statement';

/** Returns the customer managed key of a SecureString. The AWS managed key needs no grant. */
export function keyOf(parameter: IParameter): IKey | undefined {
  return (parameter as IParameter & { encryptionKey?: IKey }).encryptionKey;
}

/**
 * A parameter as a container variable. ECS reads it with one action, while `Secret.fromSsmParameter` would grant four, including the
 * history.
 */
export class ParameterSecret extends Secret {
  public readonly arn: string;
  public readonly hasField = false;

  constructor(private readonly parameter: IParameter) {
    super();
    this.arn = parameter.parameterArn;
  }

  public grantRead(grantee: IGrantable): Grant {
    const { parameter: resource } = this;
    for (const statement of keyStatements({ key: keyOf(resource), resource, service: 'ssm', actions: ['kms:Decrypt'] })) {
      grantee.grantPrincipal.addToPrincipalPolicy(statement);
    }
    return Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameters'], resourceArns: [this.arn] });
  }
}
