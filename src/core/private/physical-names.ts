import { createHash } from 'crypto';
import { Aws, Fn, Names, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { kebabCase } from './names';

/** Characters of a hash that keeps names apart which were cut. */
const HASH = 8;

/** Characters that `withLife` adds. */
export const LIFE = 13;

/** The stack that has a name of its own: nested ones get theirs from CloudFormation, at deployment. */
export function outermostStack(scope: IConstruct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}

/**
 * Name of the stack and ids below it, in kebab-case: stack names are unique in an account and region, and paths in a stack. The name of a
 * nested stack is only known at deployment, so the path begins at the outermost one.
 */
export function readableName(scope: IConstruct, maxLength: number): string {
  const stack = outermostStack(scope);
  const ids = scope.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  const full = [Token.isUnresolved(stack.stackName) ? stack.node.id : stack.stackName, ...ids];
  const name = kebabCase(full.join('-'));
  if (name.length <= maxLength) return name;
  const hash = createHash('sha256').update(full.join('/')).digest('hex').slice(0, HASH);
  return `${name.slice(0, maxLength - HASH - 1).replace(/-$/, '')}-${hash}`;
}

/**
 * A name that no two stacks of an account and region share, and no two lives of one stack either: for what stays behind when its stack is
 * deleted, and would be in the way of the same stack made again.
 */
export function nameOfKept(scope: IConstruct, maxLength: number): string {
  return withLife(Names.uniqueResourceName(scope, { maxLength: maxLength - LIFE, separator: '-' }));
}

/** A name with what differs in each life of a stack; 13 characters longer. */
export function withLife(name: string): string {
  return `${name}-${lifeOf()}`;
}

/** Twelve characters that differ in each life of a stack: the last group of the UUID that its id ends with. */
export function lifeOf(): string {
  return Fn.select(4, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
}

/** Family of a task: what may run one may run every revision of it, so each stack has families of its own. */
export function taskFamilyOf(owner: IConstruct): string {
  return Names.uniqueResourceName(owner, { maxLength: 255, separator: '-' });
}
