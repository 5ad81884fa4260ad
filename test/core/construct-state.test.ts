import { App, Stack } from 'aws-cdk-lib';
import { TopologyRecord } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { ConstructState } from '../../src/core/private/construct-state';

const list = new ConstructState<string[]>('test list', () => []);
const size = new ConstructState('test size', () => 0);

/** Another copy of the library, as a second package of an app may bring one. */
function copyOf<T extends object>(path: string): T {
  let loaded: T | undefined;
  jest.isolateModules(() => (loaded = jest.requireActual<T>(path)));
  return loaded!;
}

test('a construct has a state of its own under each name, made when it is first asked for', () => {
  const [one, other] = [new Construct(new App(), 'One'), new Construct(new App(), 'One')];
  expect([list.find(one), size.find(one)]).toEqual([undefined, undefined]);
  list.of(one).push('a');
  expect([list.of(one), list.of(other), size.find(one)]).toEqual([['a'], [], undefined]);
  size.set(one, 3);
  expect([size.find(one), size.of(one), size.of(other), list.of(one)]).toEqual([3, 3, 0, ['a']]);
});

test('what makes the state is told of the construct', () => {
  const path = new ConstructState('test path', (construct) => construct.node.path);
  expect(path.of(new Stack(new App(), 'Shop'))).toBe('Shop');
});

test('nobody who looks through a construct sees it', () => {
  const construct = new Construct(new App(), 'One');
  const before = Object.keys(construct);
  list.of(construct);
  expect(Object.keys(construct)).toEqual(before);
});

test('two copies of the library in one app share it', () => {
  const copy = copyOf<{ ConstructState: typeof ConstructState }>('../../src/core/private/construct-state');
  expect(copy.ConstructState).not.toBe(ConstructState);
  const construct = new Construct(new App(), 'One');
  list.of(construct).push('a');
  expect(new copy.ConstructState<string[]>('test list', () => []).of(construct)).toBe(list.of(construct));
});

test('two copies of the library have one record of an app, and two apps of one process have two', () => {
  const { TopologyRecord: Copy } = copyOf<{ TopologyRecord: typeof TopologyRecord }>('../../src/core/topology-record');
  const [app, other] = [new App(), new App()];
  expect(Copy).not.toBe(TopologyRecord);
  expect(Copy.of(new Stack(app, 'Shop'))).toBe(TopologyRecord.of(app));
  expect(TopologyRecord.of(other)).not.toBe(TopologyRecord.of(app));
});
