import { Secret } from 'aws-cdk-lib/aws-ecs';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IParameter } from 'aws-cdk-lib/aws-ssm';

/** The customer key of a SecureString; the key that AWS manages needs no grant. */
export function keyOf(parameter: IParameter): IKey | undefined {
  return (parameter as IParameter & { encryptionKey?: IKey }).encryptionKey;
}

/** A parameter as a variable of a container. ECS reads it with one action; `Secret.fromSsmParameter` would grant four, history among them. */
export class ParameterSecret extends Secret {
  public readonly arn: string;
  public readonly hasField = false;

  public constructor(private readonly parameter: IParameter) {
    super();
    this.arn = parameter.parameterArn;
  }

  public grantRead(grantee: IGrantable): Grant {
    keyOf(this.parameter)?.grantDecrypt(grantee);
    return Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameters'], resourceArns: [this.arn] });
  }
}
