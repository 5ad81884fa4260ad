import { Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ParameterTier, ParameterValueType, StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, IConstruct } from 'constructs';
import { ConstructState } from './construct-state';
import { validateAtSynth, validationError, warn } from './errors';
import { claimInAccount } from './name-registry';
import { placeText } from './place-text';
import { sorted } from './sorted';
import { statementText } from './statement-text';
import { TopologyRecord } from '../topology-record';

/** The key of the template metadata that contains what an app states about the parameters of others. */
export const STATEMENTS = 'cdk-ecs-mesh:statements';

/** A statement of a consumer about a parameter of its owner. */
export interface Statement {
  /** The name of the parameter. */
  readonly parameter: string;
  /** The text that the parameter must have, or the number of elements. */
  readonly value: string | number;
  /** The path of the construct that states it. */
  readonly by: string;
}

/** The values that an owner shares: texts and lists by the last part of their names. */
export interface Shared {
  readonly owner: Construct;
  readonly prefix: string;
  readonly values: Record<string, string | string[] | undefined>;
  /** The secret with the credentials, whose ARN is shared as `secret-arn`. */
  readonly secret?: ISecret;
  /** The ID in the topology. */
  readonly component?: string;
}

/**
 * Publishes values as parameters in Parameter Store below a prefix. It is the owner's side of sharing; another consumer changes nothing
 * here.
 */
export function publish({ owner, prefix, values, secret, component }: Shared): void {
  requirePrefix(owner, prefix);
  claimInAccount({ kind: 'prefix of shared parameters', name: prefix, owner, prop: 'parameterPrefix' });
  const scope = new Construct(owner, `Shared${prefix.replace(/\//g, '-')}`);
  const description = `Shared by ${owner.node.path}`.slice(0, 1024);
  if (secret) admitReaders(owner, secret);
  for (const [name, value] of sorted({ ...values, 'secret-arn': secret?.secretArn })) {
    if (value === undefined) continue;
    const settings = { parameterName: `${prefix}/${name}`, simpleName: false, tier: ParameterTier.STANDARD, description };
    if (Array.isArray(value)) new StringListParameter(scope, name, { ...settings, stringListValue: value });
    else new StringParameter(scope, name, { ...settings, stringValue: value });
  }
  TopologyRecord.of(owner)._share(prefix, component ?? owner.node.path);
  owners.of(owner.node.root).push({ prefix, owner });
}

/** The owners in an app, with the prefixes under which they share. */
const owners = new ConstructState('owners of what is shared', (): Pick<Shared, 'prefix' | 'owner'>[] => []);

/** Rejects parameters that the app creates in other environments only. A stack whose environment is not known may be in any. */
function requireOwnerHere(consumer: Construct, prefix: string): void {
  validateAtSynth(consumer, 'SharedElsewhere', () => {
    const all = owners.of(consumer.node.root).filter((shared) => shared.prefix === prefix);
    if (all.length === 0 || all.some(({ owner }) => mayBeOneEnvironment(owner, consumer))) return [];
    return [
      {
        prop: 'parameterPrefix',
        must: `be shared in the account and Region of the consumer (${placeText(consumer)}), whose Parameter Store it reads`,
        got: `${prefix}, which ${all.map(({ owner }) => `${owner.node.path} (${placeText(owner)})`).join(' and ')} shares`,
        fix: 'deploy the consumer there, or share what it needs in its own account and Region',
      },
    ];
  });
}

function mayBeOneEnvironment(one: IConstruct, other: IConstruct): boolean {
  const [a, b] = [Stack.of(one), Stack.of(other)];
  return (['account', 'region'] as const).every(
    (part) => a[part] === b[part] || Token.isUnresolved(a[part]) || Token.isUnresolved(b[part]),
  );
}

/**
 * Lets the key of a shared secret decrypt it for whoever may read the secret. The roles of consumers are not known here, and a consumer does
 * not know the key, so neither side could grant it. The AWS managed key of Secrets Manager has the same statement. A key that is imported
 * is left to its owner.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 */
function admitReaders(owner: Construct, { encryptionKey }: ISecret): void {
  if (!encryptionKey) return;
  const { account, region } = Stack.of(owner);
  const statement = new PolicyStatement({
    principals: [new AnyPrincipal()],
    actions: ['kms:Decrypt'],
    resources: ['*'],
    conditions: { StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` } },
  });
  if (encryptionKey.addToResourcePolicy(statement).statementAdded) return;
  warn(
    owner,
    'KeyStatementLeft',
    `The key ${encryptionKey.node.path} encrypts the shared secret and is imported, so that its policy is not changed here. Tasks of other ` +
      `apps cannot start until the owner of the key has added ${statementText(owner, statement)}. ` +
      'Acknowledge this warning when it is there.',
  );
}

/**
 * The parameters that another app shares below a prefix, as a consumer reads them at deployment. Only what the template refers to becomes a
 * parameter of it, because a deployment fails over each one that the owner does not have.
 */
export class SharedParameters {
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly consumer: Construct,
    private readonly prefix: string,
  ) {
    requirePrefix(consumer, prefix);
    requireOwnerHere(consumer, prefix);
  }

  public text(name: string): string {
    const known = this.texts.get(name) ?? whenUsed(() => StringParameter.valueForStringParameter(this.consumer, this.nameOf(name)));
    this.texts.set(name, known);
    return known;
  }

  /** Returns the elements of a list, whose number the consumer states: a template cannot have as many subnets as a parameter has. */
  public list(name: string, length: number): string[] {
    const parameter = this.nameOf(name);
    const element = (i: number) => {
      this.state({ parameter, value: length });
      return Fn.select(i, StringListParameter.valueForTypedListParameter(this.consumer, parameter, ParameterValueType.STRING));
    };
    return Array.from({ length }, (_, i) => whenUsed(() => element(i)));
  }

  /** Records what the consumer states about a parameter, to be held against the owner's when both assemblies are read. */
  public expect(name: string, value: string | number): void {
    if (!Token.isUnresolved(value)) this.state({ parameter: this.nameOf(name), value });
  }

  private nameOf(name: string): string {
    return `${this.prefix}/${name}`;
  }

  private state({ parameter, value }: Omit<Statement, 'by'>): void {
    const { templateOptions } = Stack.of(this.consumer);
    const before = (templateOptions.metadata?.[STATEMENTS] ?? []) as Statement[];
    const by = this.consumer.node.path;
    if (before.some((one) => one.parameter === parameter && one.by === by)) return;
    templateOptions.metadata = { ...templateOptions.metadata, [STATEMENTS]: [...before, { parameter, value, by }] };
  }
}

/** Returns a text that is created when something refers to it. */
function whenUsed(create: () => string): string {
  return Lazy.string({ produce: create });
}

/** Checks a prefix: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
function requirePrefix(scope: IConstruct, prefix: string): void {
  const levels = prefix.split('/').length;
  if (
    /^(?:\/(?!(?:aws|ssm)(?:[/.-]|$))[A-Za-z0-9_.-]+)(?:\/[A-Za-z0-9_.-]+)*$/i.test(prefix) &&
    prefix.length <= 900 &&
    levels <= 14
  ) {
    return;
  }
  throw validationError(scope, 'BadParameterPrefix', {
    prop: 'parameterPrefix',
    must: 'be a path of up to 13 parts with letters, digits, dots, hyphens and underscores, that starts with "/" and not with "/aws" or "/ssm"',
    got: prefix,
    fix: 'write it like "/platform/mesh"',
  });
}
