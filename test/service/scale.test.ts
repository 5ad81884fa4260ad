import { App, Stack } from 'aws-cdk-lib';
import { newMesh, newService, newStack, templateOf } from '../helpers';

/** `count` services in one stack, with a limit of 100 resources. */
function fill(count: number, limit = 100) {
  const stack = newStack('Shop', new App({ context: { '@aws-cdk/core:stackResourceLimit': limit } }));
  const mesh = newMesh(stack);
  for (let i = 0; i < count; i++) newService(mesh, `S${i}`);
  return stack;
}

const sizeOf = (stack: Stack) => Object.keys(templateOf(stack).toJSON().Resources).length;

describe('a stack has a limit of resources', () => {
  test('too many: the numbers and the remedy', () => {
    expect(() => templateOf(fill(10))).toThrow(
      '[Shop] `stack` must have at most 100 resources, which is CloudFormation\'s limit, got {"resources":131,"services":10}; leave the mesh here and create services in additional stacks of the app, at most 6 in each; put clients in the same stack as their servers or in a later one (https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/scale.md) [StackTooLarge]',
    );
  });

  test('as many as there may be', () => expect(sizeOf(fill(3, sizeOf(fill(3))))).toBe(sizeOf(fill(3))));

  test('one more', () => expect(() => templateOf(fill(3, sizeOf(fill(3)) - 1))).toThrow('[StackTooLarge]'));

  test("a limit of 0 turns the check off, as it does CDK's own", () => expect(sizeOf(fill(10, 0))).toBeGreaterThan(100));
});

test('services of one mesh in several stacks: callers after what they call', () => {
  const app = new App();
  const mesh = newMesh(newStack('Home', app));
  const [one, two] = ['One', 'Two'].map((id) => newStack(id, app));
  const store = newService(mesh, 'Store', {}, one);
  newService(mesh, 'Api', {}, two).connectTo(store.port('http'));
  app.synth();
  expect(two.dependencies).toEqual(expect.arrayContaining([one, Stack.of(mesh)]));
});
