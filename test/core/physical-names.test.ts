import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LIFE, nameOfKept, readableName, taskFamilyOf } from '../../src/core/private/physical-names';

/** The lengths at which AWS ends names: target groups, DNS labels, roles, clusters, alarms. */
const LENGTHS = [32, 63, 64, 128, 255];

/** Paths of two constructs whose names agree in all characters that are left, or in all that a name can have. */
const PAIRS: Record<string, (length: number) => [string[], string[]]> = {
  'that differ at their end': (length) => [[`A${'a'.repeat(length)}x`], [`A${'a'.repeat(length)}y`]],
  'that differ in the middle': (length) => [
    ['a'.repeat(length), 'x', 'b'.repeat(length)],
    ['a'.repeat(length), 'y', 'b'.repeat(length)],
  ],
  'that differ in case': (length) => [[`a${'a'.repeat(length)}`], [`A${'a'.repeat(length)}`]],
  'that differ in a separator': (length) => [[`${'a'.repeat(length)}_b`], [`${'a'.repeat(length)}.b`]],
  'that differ in where a path is divided': (length) => [
    ['a'.repeat(length), 'bc'],
    ['a'.repeat(length), 'b', 'c'],
  ],
  'of which one is the whole of the other': (length) => [['a'.repeat(length)], ['a'.repeat(length), 'b']],
};

const cases = LENGTHS.flatMap((length) => Object.keys(PAIRS).map((pair) => [length, pair] as const));

function at(stack: Stack, path: string[]): Construct {
  return path.reduce<Construct>((scope, id) => (scope.node.tryFindChild(id) as Construct) ?? new Construct(scope, id), stack);
}

const textOf = (name: string) => name.replace(/\$\{Token\[.*\]\}$/, 'L'.repeat(LIFE - 1));

describe.each(cases)('names of %d characters of two constructs %s', (length, pair) => {
  const namesOf = (name: (scope: Construct, length: number) => string, stack = new Stack(new App(), 'Shop')) =>
    PAIRS[pair](length).map((path) => textOf(name(at(stack, path), length)));

  test.each<[string, (scope: Construct, length: number) => string]>([
    ['readableName', readableName],
    ['nameOfKept', nameOfKept],
  ])('%s: they fit and differ', (_, name) => {
    const [first, second] = namesOf(name);
    expect(first).not.toBe(second);
    // A file system and a cache do not tell upper and lower case apart.
    expect(first.toLowerCase()).not.toBe(second.toLowerCase());
    [first, second].forEach((each) => expect(each.length).toBeLessThanOrEqual(length));
  });

  test('readableName: two stacks of the same constructs have other names', () => {
    const [[first], [second]] = ['Dev', 'Prod'].map((id) => namesOf(readableName, new Stack(new App(), id)));
    expect(first).not.toBe(second);
  });
});

test.each([200, 255, 300])('families of two task definitions with paths of %d characters differ and fit', (length) => {
  const stack = new Stack(new App(), 'Shop');
  const [first, second] = ['x', 'y'].map((end) => taskFamilyOf(at(stack, ['a'.repeat(length), end])));
  expect(first).not.toBe(second);
  expect(Math.max(first.length, second.length)).toBeLessThanOrEqual(255);
});

test.each(LENGTHS)('readableName: a name of exactly %d characters is not cut, one of more is', (length) => {
  const stack = new Stack(new App(), 'Shop');
  const id = 'a'.repeat(length - 'shop-'.length);
  expect(readableName(at(stack, [id]), length)).toBe(`shop-${id}`);
  expect(readableName(at(stack, [`${id}a`]), length)).toMatch(/^shop-a+-[0-9a-f]{8}$/);
});
