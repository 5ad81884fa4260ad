import { Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-ecs';
import { CfnSecret, ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { warn } from './errors';
import { closest } from './names';
import { isUnknown } from './unknown';

/**
 * Warns of a field that a secret of the app is not created with: ECS could not resolve it, and no task would start. Somebody may have written
 * another value into it since. Nothing is known of other secrets, nor of those that a database adds its address to.
 *
 * @param propOf returns the prop of a variable
 */
export function warnOfFields(scope: IConstruct, secrets: { [name: string]: Secret }, propOf: (name: string) => string): void {
  for (const [name, { arn }] of Object.entries(secrets)) {
    const [token] = Tokenization.reverseString(arn).tokens;
    // The field is behind the ARN: `<secret>:password::`.
    const field = /^\$\{Token\[[^\]]+\]\}:([^:]+):[^:]*:[^:]*$/.exec(arn)?.[1];
    if (Reference.isReference(token)) warnOf(scope, propOf(name), token.target, field);
  }
}

/** Warns of a field that the secret is not created with, which other programs read. */
export function warnOfField(scope: IConstruct, prop: string, secret: ISecret, field: string | undefined): void {
  warnOf(scope, prop, secret.node.defaultChild, field);
}

function warnOf(scope: IConstruct, prop: string, secret: IConstruct | undefined, field: string | undefined): void {
  if (!(secret instanceof CfnSecret) || field === undefined || isUnknown(field)) return;
  const fields = fieldsOf(secret);
  if (!fields || fields.includes(field)) return;
  const { path } = secret.node.scope!.node;
  const meant = closest(field, fields);
  const has = fields.length > 0 ? `has the fields ${fields.join(', ')}` : 'is a text and no object with fields';
  warn(
    scope,
    'SecretFieldUnknown',
    `\`${prop}\` of ${scope.node.path} names the field ${field} of ${path}, which ${has} when it is created: tasks that need it do not start. ` +
      (meant
        ? `Did you mean "${meant}"? `
        : 'Leave the field out, or set `generateSecretString` of the secret with `secretStringTemplate` and `generateStringKey`. ') +
      'Acknowledge this if the secret exists already and has another value since.',
  );
}

/** Returns the fields that a secret is created with; none if it is a text, undefined if that is not known. */
function fieldsOf(secret: CfnSecret): string[] | undefined {
  const { generateSecretString, secretString } = secret;
  if (secretString !== undefined) return keysOf(Stack.of(secret).resolve(secretString));
  const generated = Stack.of(secret).resolve(generateSecretString) as CfnSecret.GenerateSecretStringProperty | undefined;
  const { secretStringTemplate, generateStringKey } = generated ?? {};
  if (secretStringTemplate === undefined || generateStringKey === undefined) return [];
  const keys = keysOf(secretStringTemplate);
  return keys && [...keys, generateStringKey];
}

function keysOf(text: unknown): string[] | undefined {
  // A deployment resolves what is between braces.
  if (typeof text !== 'string' || text.includes('{{resolve:')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}
