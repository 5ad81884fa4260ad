import { Resource, ResourceEnvironment, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { IEndpointClient } from '../endpoint';

/**
 * Rejects a server in another account or Region than its client. A security group rule can name only groups of its own Region, the SDK in the
 * client's tasks calls the API of its own Region, and nothing here writes the policies that another account would need. What is known only
 * at deployment is not compared.
 *
 * @param other environment of the server, if CDK does not know it
 * @see https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html
 */
export function requireSameEnvironment(client: IEndpointClient, server: IConstruct, other = environmentOf(server)): void {
  const own = environmentOf(client);
  if (!differ(own.region, other.region) && !differ(own.account, other.account)) return;
  throw validationError(client, 'OtherEnvironment', {
    prop: 'connectTo',
    must: `name a server in the account and Region of its client (${textOf(own)}), in which its security groups, its names and its permissions are valid`,
    got: `${server.node.path} (${textOf(other)})`,
    fix: 'create the server in the Region of its clients, or use `Endpoint.externalHost(...)` for an address that is reached over a peering or the internet',
  });
}

function environmentOf(construct: IConstruct): ResourceEnvironment {
  return Resource.isResource(construct) ? (construct as Resource).env : Stack.of(construct);
}

function differ(own: string, other: string): boolean {
  return !Token.isUnresolved(own) && !Token.isUnresolved(other) && own !== other;
}

function textOf({ account, region }: ResourceEnvironment): string {
  return [account, region].map((value) => (Token.isUnresolved(value) ? 'not known' : value)).join(', ');
}
