import { randomInt } from 'node:crypto';
import { Reader } from '../intrinsics/reader';
import { Resolver } from '../intrinsics/resolver';

export interface SecretValue {
  readonly arn: string;
  readonly name: string;
  readonly value: string;
  /** Whether it is there without a value, as one that a template says nothing of. */
  readonly empty?: boolean;
  /** What it was before the last change. */
  readonly previous?: string;
}

const CHARACTERS = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

const CURRENT = 'AWSCURRENT';

/** The secrets and parameters of a template, with values made up the way Secrets Manager makes them. */
export class SecretValues {
  public readonly secrets: SecretValue[];
  private readonly parameters: Map<string, string>;

  /** @param given values by secret name, for secrets that the template only imports */
  constructor(
    resolver: Resolver,
    private readonly given: Readonly<Record<string, string>> = {},
  ) {
    this.secrets = this.made(resolver);
    for (const [name, value] of Object.entries(given)) {
      if (this.find(name) === undefined) {
        this.secrets.push({ arn: `arn:aws:secretsmanager:local:local:secret:${name}`, name, value });
      }
    }
    this.parameters = new Map(
      resolver.resources('AWS::SSM::Parameter').map((resource) => {
        const props = resolver.read(resource);
        return [props.get('Name').string(resource.logicalId), props.get('Value').string()];
      }),
    );
  }

  /** Takes in what another version of the template adds. A secret that is there keeps its value. */
  public adopt(resolver: Resolver): void {
    const known = new Set(this.secrets.map(({ arn }) => arn));
    this.secrets.push(...this.made(resolver).filter(({ arn }) => !known.has(arn)));
  }

  /** Find a secret as GetSecretValue does: by name, by ARN, or by the ARN without its random suffix. */
  public find(id: string): SecretValue | undefined {
    const name = id.startsWith('arn:') ? id.split(':').slice(6).join(':') : id;
    return this.secrets.find(
      (secret) => secret.arn === id || secret.name === name || secret.name === name.replace(/-[A-Za-z0-9?]{6,7}$/, ''),
    );
  }

  /** Put another value into a secret, as a rotation does. Tasks that run keep what they started with. */
  public replace(arn: string, value: string): void {
    const at = this.secrets.findIndex((secret) => secret.arn === arn);
    if (at < 0) throw new Error(`there is no secret ${arn}`);
    const { value: former, empty } = this.secrets[at];
    this.secrets[at] = { ...this.secrets[at], value, empty: false, previous: empty ? undefined : former };
  }

  /** The value of a version, by its label; undefined for one that the secret does not have. */
  public versionOf({ value, empty, previous }: SecretValue, stage = CURRENT): string | undefined {
    if (stage === CURRENT) return empty ? undefined : value;
    return stage === 'AWSPREVIOUS' ? previous : undefined;
  }

  /** The value of a container's `Secrets[].ValueFrom`: a secret, one key of it, or a parameter. */
  public valueFrom(reference: string, path: string): string {
    if (reference.includes(':ssm:') || !reference.startsWith('arn:')) return this.parameter(reference, path);
    const [name, jsonKey, stage] = reference.split(':').slice(6);
    const secret = this.find(`${reference.split(':').slice(0, 6).join(':')}:${name}`);
    if (!secret) throw new Error(`${path}: the template has no secret ${reference}; give it a value with --secret ${name}=<value>`);
    const version = this.versionOf(secret, stage || CURRENT);
    if (version === undefined) throw new Error(`${path}: secret ${secret.name} has no value with the label ${stage || CURRENT}`);
    if (!jsonKey) return version;
    const value = jsonOf({ value: version })?.[jsonKey];
    if (value === undefined) throw new Error(`${path}: secret ${secret.name} has no JSON key ${JSON.stringify(jsonKey)}`);
    return String(value);
  }

  private made(resolver: Resolver): SecretValue[] {
    const made = resolver.resources('AWS::SecretsManager::Secret').map((resource) => {
      const arn = resolver.evaluate(resource.stack, { Ref: resource.logicalId }, resource.key) as string;
      const value = this.given[nameOf(arn)] ?? initialValue(resolver.read(resource));
      return { arn, name: nameOf(arn), value: value ?? '', empty: value === undefined };
    });
    return [...made, ...managedByRds(resolver)];
  }

  private parameter(reference: string, path: string): string {
    const name = reference.replace(/^arn:[^/]*:parameter/, '');
    const value = this.parameters.get(name) ?? this.parameters.get(name.replace(/^\//, ''));
    if (value === undefined) throw new Error(`${path}: the template has no SSM parameter ${name}`);
    return value;
  }
}

export function jsonOf(secret: Pick<SecretValue, 'value'>): Record<string, unknown> | undefined {
  try {
    return JSON.parse(secret.value) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function nameOf(arn: string): string {
  return arn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-local0$/, '');
}

/** Secrets that RDS makes for its instances: user and password, and nothing of where the instance is. */
function managedByRds(resolver: Resolver): SecretValue[] {
  return resolver
    .resources('AWS::RDS::DBInstance')
    .map((resource) => ({ resource, props: resolver.read(resource) }))
    .filter(({ props }) => props.get('ManageMasterUserPassword').boolean(false))
    .map(({ resource, props }) => {
      const attribute = { 'Fn::GetAtt': [resource.logicalId, 'MasterUserSecret.SecretArn'] };
      const arn = resolver.evaluate(resource.stack, attribute, resource.key) as string;
      // All characters that a master password may have, so that a client that puts it into a URL as it is fails here too.
      const password = generatePassword(new Reader({ ExcludeCharacters: '/@"\'', PasswordLength: 28 }, arn, (value) => value));
      return { arn, name: nameOf(arn), value: JSON.stringify({ username: props.get('MasterUsername').string(), password }) };
    });
}

function initialValue(props: Reader): string | undefined {
  const fixed = props.get('SecretString');
  if (fixed.exists) return fixed.string();
  const generate = props.get('GenerateSecretString');
  if (!generate.exists) return undefined;
  const password = generatePassword(generate);
  const key = generate.get('GenerateStringKey').optional();
  if (key === undefined) return password;
  const template = JSON.parse(generate.get('SecretStringTemplate').string('{}')) as Record<string, unknown>;
  return JSON.stringify({ ...template, [key]: password });
}

export function generatePassword(options: Reader): string {
  const excluded = options.get('ExcludeCharacters').string('');
  const groups = [
    options.get('ExcludeLowercase').boolean(false) ? '' : CHARACTERS.lower,
    options.get('ExcludeUppercase').boolean(false) ? '' : CHARACTERS.upper,
    options.get('ExcludeNumbers').boolean(false) ? '' : CHARACTERS.digit,
    options.get('ExcludePunctuation').boolean(false) ? '' : CHARACTERS.punctuation,
    options.get('IncludeSpace').boolean(false) ? ' ' : '',
  ]
    .map((group) => [...group].filter((character) => !excluded.includes(character)).join(''))
    .filter((group) => group.length > 0);
  const length = options.get('PasswordLength').number(32);
  const all = groups.join('');
  const pick = (from: string) => from[randomInt(from.length)];
  const characters = Array.from({ length }, () => pick(all));
  // One of each group, in places of their own, unless the template says otherwise.
  if (options.get('RequireEachIncludedType').boolean(true)) groups.forEach((group, i) => (characters[i] = pick(group)));
  return characters.join('');
}
