import { App, Stack } from 'aws-cdk-lib';
import { GatewaySide, ImportedDatabase, ImportedRedis, ServiceConnectMesh, ServicePort } from 'cdk-ecs-mesh';
import { newService, templateOf } from '../helpers';

const HERE = { account: '111122223333', region: 'eu-west-1' };
const PREFIX = '/platform/mesh';

/** An app whose first stack shares a mesh. */
function arrange(env: { account?: string; region?: string } = HERE) {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env });
  const mesh = new ServiceConnectMesh(owner, 'Mesh', { namespaceName: 'platform' });
  mesh.share(PREFIX);
  return { app, mesh };
}

const shared = (stack: Stack) => ServiceConnectMesh.fromParameters(stack, 'Mesh', PREFIX);

describe('what one stack of an app shares, and another one reads', () => {
  const readers: Record<string, (stack: Stack) => unknown> = {
    'ServiceConnectMesh.fromParameters': shared,
    'ServicePort.fromParameters': (stack) => ServicePort.fromParameters(stack, 'Port', PREFIX, { port: 80 }),
    'GatewaySide.fromParameters': (stack) =>
      GatewaySide.fromParameters(stack, 'Side', PREFIX, { network: new ServiceConnectMesh(stack, 'Net'), internetFacing: true }),
    'ImportedRedis.fromParameters': (stack) => ImportedRedis.fromParameters(stack, 'Redis', PREFIX),
    'ImportedDatabase.fromParameters': (stack) => ImportedDatabase.fromParameters(stack, 'Db', PREFIX),
  };

  test.each(Object.keys(readers))('%s of another account or Region is refused', (name) => {
    for (const env of [{ account: '222233334444' }, { region: 'us-east-1' }]) {
      const { app } = arrange();
      const stack = new Stack(app, 'Team', { env: { ...HERE, ...env } });
      readers[name](stack);
      const place = Object.values({ ...HERE, ...env }).join(', ');
      expect(() => app.synth()).toThrow(
        `\`parameterPrefix\` must be shared in the account and Region of the consumer (${place}), whose Parameter Store it reads, ` +
          `got "${PREFIX}, which Owner/Mesh (111122223333, eu-west-1) shares"; deploy the consumer there, or share what it needs in its ` +
          'own account and Region [SharedElsewhere]',
      );
    }
  });

  test.each([
    ['in the same place', HERE, HERE],
    ['where nobody knows the place of the owner', {}, HERE],
    ['where nobody knows that of the consumer', HERE, {}],
  ])('%s, is taken', (_, own, env) => {
    const { app } = arrange(own);
    shared(new Stack(app, 'Team', { env }));
    expect(() => app.synth()).not.toThrow();
  });

  test('is taken if one of several owners is in the place of the consumer', () => {
    const { app } = arrange();
    const east = new Stack(app, 'East', { env: { ...HERE, region: 'us-east-1' } });
    new ServiceConnectMesh(east, 'Mesh').share(PREFIX);
    shared(new Stack(app, 'Team', { env: { ...HERE, region: 'us-east-1' } }));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('two meshes of an app in one namespace', () => {
  const offer = (mesh: ServiceConnectMesh) => {
    const [api, web] = ['Api', 'Web'].map((id) => newService(mesh, id));
    web.connectTo(api.port('http'));
  };
  const taken =
    /`containers\[\]\.ports\[\]\.discoveryName` must be a discovery name that nobody else uses, and One\/Api uses it already, got "api"; .* \[NameTaken at Two\/Api\]/;

  test.each([
    ['read from parameters', (stack: Stack) => shared(stack), HERE],
    ['created by the app', (stack: Stack, mesh: ServiceConnectMesh) => withNamespace(stack, mesh), HERE],
  ] as const)('%s, cannot have a name twice', (_, of, env) => {
    const { app, mesh } = arrange();
    const [one, two] = ['One', 'Two'].map((id) => of(new Stack(app, id, { env }), mesh));
    offer(one);
    expect(() => offer(two)).toThrow(taken);
  });

  test('can have it in two places', () => {
    const app = new App();
    for (const [id, region] of Object.entries({ One: 'eu-west-1', Two: 'us-east-1' })) {
      offer(shared(new Stack(app, id, { env: { ...HERE, region } })));
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('can have it while nobody knows where they are', () => {
    const app = new App();
    const [one, two] = ['One', 'Two'].map((id) => new Stack(app, id));
    offer(shared(one));
    offer(shared(two));
    expect(() => templateOf(two)).not.toThrow();
  });
});

function withNamespace(stack: Stack, { namespace }: ServiceConnectMesh): ServiceConnectMesh {
  return new ServiceConnectMesh(stack, 'Mesh', { namespace });
}
