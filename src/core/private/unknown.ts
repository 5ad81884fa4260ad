import { Token } from 'aws-cdk-lib';

/**
 * Returns true for a value that cannot be judged: a token, or what CDK returns for a parameter that it is still to look up. An error about the
 * latter would end the first pass of the CDK CLI, which could then never look up the parameter.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/get-ssm-value.html
 */
export function isUnknown(value: unknown): boolean {
  return Token.isUnresolved(value) || isPending(value);
}

/** Returns true for a text with the value that `StringParameter.valueFromLookup` returns before the look-up. */
export function isPending(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase().includes('dummy-value-for-');
}
