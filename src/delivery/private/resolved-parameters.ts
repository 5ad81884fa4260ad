import { CfnParameter, Lazy, Stack } from 'aws-cdk-lib';

/**
 * Returns the ARNs of the SSM parameters that CloudFormation reads in each update of a stack: the values of its parameters of type
 * `AWS::SSM::Parameter::Value<...>`, of which every stack of the CDK CLI has one, the version of the bootstrap. The caller of the update needs
 * `ssm:GetParameters` for them, whatever role the stack has; CDK's own deploy role has it, too
 * (https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml).
 */
export function resolvedParameters(stack: Stack): string[] {
  // Parameters are created until the end of synthesis; that of the bootstrap only then.
  return Lazy.list({ produce: () => [...new Set([bootstrapVersion(stack), ...namesIn(stack)])].map((name) => arnOf(stack, name)) });
}

function bootstrapVersion(stack: Stack): string {
  return `/cdk-bootstrap/${stack.synthesizer.bootstrapQualifier ?? 'hnb659fds'}/version`;
}

function namesIn(stack: Stack): string[] {
  return stack.node
    .findAll()
    .filter((node): node is CfnParameter => node instanceof CfnParameter && Stack.of(node) === stack)
    .filter(({ type }) => type.startsWith('AWS::SSM::Parameter::Value<'))
    .flatMap(({ default: name }) => (typeof name === 'string' ? [name] : []));
}

/** AWS's own parameters, such as those of images, belong to no account. */
function arnOf(stack: Stack, name: string): string {
  return stack.formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: name.replace(/^\//, ''),
    account: name.startsWith('/aws/') ? '' : undefined,
  });
}
