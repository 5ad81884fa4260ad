import { Token } from 'aws-cdk-lib';

const MAX_LENGTH = 255;

/**
 * Returns a description that EC2 and ElastiCache accept: construct IDs can contain any character, and paths have any length. If it exceeds
 * 255 characters, the last ones are kept, because they say the most.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
 */
export function description(text: string, of: string): string {
  const name = Token.isUnresolved(of) ? of : of.replace(/[^A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]+/g, '-');
  const full = `${text} ${name}`;
  return full.length <= MAX_LENGTH || Token.isUnresolved(full) ? full : `${text} ...${name.slice(text.length + 4 - MAX_LENGTH)}`;
}
