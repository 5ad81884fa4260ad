import { Reference, Stack, Stage, Token, TokenComparison, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { validationError } from './errors';
import { placeText } from './place-text';
import { EndpointBinding, IEndpointClient } from '../endpoint';

/**
 * Rejects a connection to what the client's stack cannot refer to: resources of another stage, and those of another account or Region whose
 * names are known only at deployment.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/resources.html#resource-physical-names
 */
export function refuseForeignReferences(client: IEndpointClient, binding: EndpointBinding): void {
  const foreign = (binding.dependencies ?? []).find((target) => Stage.of(target as IConstruct) !== Stage.of(client));
  if (foreign) throw refusal(client, foreign as IConstruct);
  refuseForeignValues(client, stringsOf(binding));
}

/** Rejects texts with references that the client's stack cannot have, before something resolves them there. */
export function refuseForeignValues(client: IConstruct, texts: string[]): void {
  const foreign = texts.flatMap(referencesIn).find((reference) => !canRefer(client, reference));
  if (foreign) throw refusal(client, foreign.target);
}

/** Returns the resource of another account that a text refers to; undefined if there is none, or if nobody knows the accounts. */
export function ofOtherAccount(client: IConstruct, text: string): IConstruct | undefined {
  const { account } = Stack.of(client);
  return referencesIn(text)
    .map(({ target }) => target)
    .find((target) => Token.compareStrings(Stack.of(target).account, account) === TokenComparison.DIFFERENT);
}

function refusal(client: IConstruct, server: IConstruct): Error {
  return validationError(client, 'OtherEnvironment', {
    prop: 'connectTo',
    must: `name a server in the account, Region and stage of its client (${placeText(client)})`,
    got: `${server.node.path} (${placeText(server)})`,
    fix: 'specify the same `env` for both stacks; give the resource a physical name, if it can be used from elsewhere; or import it by its name',
  });
}

/** The texts of a binding in which values of resources can be. */
function stringsOf({ environment = {}, secrets = {}, policyStatements = [], reaches = [] }: EndpointBinding): string[] {
  return [
    ...Object.values(environment),
    ...Object.values(secrets).map(({ arn }) => arn),
    ...policyStatements.flatMap(({ resources }) => resources),
    ...reaches.flatMap(({ server }) => server.connections.securityGroups.map(({ securityGroupId }) => securityGroupId)),
  ];
}

function referencesIn(text: string): Reference[] {
  if (!Token.isUnresolved(text)) return [];
  return Tokenization.reverseString(text).tokens.filter((token): token is Reference => Reference.isReference(token));
}

function canRefer(client: IConstruct, reference: Reference): boolean {
  const [own, other] = [Stack.of(client), Stack.of(reference.target)];
  if (Stage.of(own) !== Stage.of(other)) return false;
  if (own.environment === other.environment || hasReaders(own, other)) return true;
  try {
    // With a physical name, the value is a text or an ARN with the partition of the stack.
    return !/"(Ref":"(?!AWS::)|Fn::GetAtt")/.test(JSON.stringify(own.resolve(reference)));
  } catch {
    return false;
  }
}

/** CDK reads values of another Region with a custom resource, if both stacks ask for it. */
function hasReaders(own: Stack, other: Stack): boolean {
  const isAsked = [own, other].every((stack) => Reflect.get(stack, '_crossRegionReferences') === true);
  return isAsked && own.account === other.account && !Token.isUnresolved([own.region, other.region].join());
}
