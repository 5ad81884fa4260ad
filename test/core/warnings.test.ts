import { Annotations, App, Stack } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import { warn } from '../../src/core/private/errors';

function arrange() {
  const app = new App();
  const stack = new Stack(app, 'Shop');
  const web = new Construct(stack, 'Web');
  return { app, stack, web, other: new Construct(stack, 'Other'), part: new Construct(web, 'Part') };
}

const warnings = ({ node }: IConstruct) =>
  node.metadata.filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data));
const acknowledge = (scope: IConstruct, id = 'Sample') => Annotations.of(scope).acknowledgeWarning(`cdk-ecs-mesh:${id}`, 'known');

test('a warning is on its construct, once', () => {
  const { web, part, stack } = arrange();
  warn(web, 'Sample', 'Careful.');
  warn(web, 'Sample', 'Careful.');
  expect([web, part, stack].map(warnings)).toEqual([['Careful. [ack: cdk-ecs-mesh:Sample]'], [], []]);
});

test('a warning of an app is on the app', () => {
  const { app } = arrange();
  warn(app, 'Sample', 'Careful.');
  expect(warnings(app)).toHaveLength(1);
});

describe.each(['before', 'after'])('an acknowledgement %s the warning', (when) => {
  const after = (where: keyof ReturnType<typeof arrange>, id?: string) => {
    const scopes = arrange();
    if (when === 'before') acknowledge(scopes[where], id);
    warn(scopes.web, 'Sample', 'Careful.');
    if (when === 'after') acknowledge(scopes[where], id);
    return warnings(scopes.web);
  };

  test.each(['stack', 'web'] as const)('on the %s is heard', (where) => expect(after(where)).toEqual([]));
  test.each(['other', 'part'] as const)('on the %s is for others', (where) => expect(after(where)).toHaveLength(1));
  test('of another warning is no acknowledgement', () => expect(after('web', 'Other')).toHaveLength(1));
});
