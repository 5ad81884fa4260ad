import { App, Stack } from 'aws-cdk-lib';
import { DualAlbGateway, ExternalSide, InternalSide, MeshAlarms, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { newService } from '../helpers';

interface Shop {
  /** Web calls Api. */
  readonly connection: boolean;
  /** There is an Api, with its alarms and a route. */
  readonly api: boolean;
}

/** A stack for everything: two services, a gateway in front of them, alarms of both. */
function shop({ connection, api: hasApi }: Shop): App {
  const app = new App();
  const at = (id: string) => new Stack(app, id, { env: { region: 'eu-west-1' } });
  const mesh = new ServiceConnectMesh(at('Mesh'), 'Mesh', { privateDomain: 'shop.local' });
  const web = newService(mesh, 'Web', {}, at('Web'));
  const api = hasApi ? newService(mesh, 'Api', {}, at('Api')) : undefined;
  const sides = { external: ExternalSide.http(), internal: InternalSide.http({ zone: mesh.privateZone }) };
  const gateway = new DualAlbGateway(at('Gateway'), 'Gateway', { network: mesh, ...sides });
  gateway.external.route('Web', { target: web.port('http') });
  if (api) gateway.internal.route('Api', { target: api.port('http'), recordName: 'api' });
  if (api && connection) web.connectTo(api.port('http'));
  new MeshAlarms(at('Alarms'), 'Alarms', { mesh });
  return app;
}

/** The names of exports that a stack takes and gives. */
interface Border {
  readonly exported: string[];
  readonly imported: string[];
}

type Borders = Record<string, Border>;

/** By stack, in the order in which the CDK CLI deploys them. */
function bordersOf(app: App): Borders {
  const outputs = (template: { Outputs?: object }) => Object.values(template.Outputs ?? {}) as { Export?: { Name: string } }[];
  const imports = (template: object) =>
    [...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
  return Object.fromEntries(
    app.synth().stacks.map(({ id, template }) => {
      const exported = outputs(template).flatMap(({ Export }) => (Export ? [Export.Name] : []));
      return [id, { exported, imported: [...new Set(imports(template))] }];
    }),
  );
}

const NOTHING: Border = { exported: [], imported: [] };

/** Updates stacks one after the other, or deletes what is no longer there; what CloudFormation refuses, as a text. */
function deploy(before: Borders, after: Borders, plan: string[]): string[] {
  const now = { ...before };
  return plan.flatMap((stack) => {
    const wanted = after[stack] ?? NOTHING;
    const others = Object.entries(now).filter(([name]) => name !== stack);
    const gone = (now[stack] ?? NOTHING).exported.filter((name) => !wanted.exported.includes(name));
    const users = others.filter(([, { imported }]) => imported.some((name) => gone.includes(name)));
    const known = others.flatMap(([, { exported }]) => exported);
    now[stack] = wanted;
    return [
      ...users.map(([user]) => `${stack}: an export is still imported by ${user}`),
      ...wanted.imported.filter((name) => !known.includes(name)).map((name) => `${stack}: nobody exports ${name}`),
    ];
  });
}

/** The stacks that use what is removed, and those that are removed: the last one that is deployed comes first. */
function usersOf(before: Borders, after: Borders): string[] {
  const gone = Object.entries(before).flatMap(([id, { exported }]) =>
    exported.filter((name) => !after[id]?.exported.includes(name)),
  );
  const isUser = (id: string) => !(id in after) || before[id].imported.some((name) => gone.includes(name));
  return Object.keys(before).filter(isUser).reverse();
}

describe('DT-52: what is removed across stacks', () => {
  const before = bordersOf(shop({ connection: true, api: true }));

  test.each<[string, Shop, string[]]>([
    ['a connection', { connection: false, api: true }, ['Web']],
    ['a service with its alarms and its route', { connection: false, api: false }, ['Alarms', 'Web', 'Api', 'Gateway']],
  ])('%s: first the stacks that use it and its own, each alone and in reverse order, then all', (_, shopAfter, users) => {
    const after = bordersOf(shop(shopAfter));
    expect(usersOf(before, after)).toEqual(users.filter((id) => usersOf(before, after).includes(id)));
    expect(deploy(before, after, [...usersOf(before, after), ...Object.keys(after)])).toEqual([]);
  });

  test('what CloudFormation refuses is seen', () => {
    const [server, client] = [
      { ...NOTHING, exported: ['group'] },
      { ...NOTHING, imported: ['group'] },
    ];
    expect(deploy({ server, client }, { server: NOTHING, client: NOTHING }, ['server', 'client'])).toEqual([
      'server: an export is still imported by client',
    ]);
    expect(deploy({ server: NOTHING, client: NOTHING }, { server, client }, ['client', 'server'])).toEqual([
      'client: nobody exports group',
    ]);
  });
});
