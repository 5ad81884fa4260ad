import { Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** An account, as far as it is known, and a Region. */
export interface Environment {
  readonly account?: string;
  readonly region: string;
}

/** The environment and the stage of a construct, for a message. */
export function placeText(construct: IConstruct, environment: Environment = Stack.of(construct)): string {
  const { account, region } = environment;
  const known = [account, region].map((value) => (value === undefined || Token.isUnresolved(value) ? 'not known' : value));
  const stage = Stage.of(construct)?.node.path;
  return [...known, ...(stage ? [`stage ${stage}`] : [])].join(', ');
}
