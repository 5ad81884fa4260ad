import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { MeshNetwork, ServiceConnectMesh } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { Spot } from './constructs';

const ENV = { account: '111111111111', region: 'eu-west-1' };

/** Where the mesh is, and where the construct, or the client, is. */
type Place = (app: App) => { readonly home: Construct; readonly here: Construct };

const stacks =
  (home: Partial<typeof ENV>, here: Partial<typeof ENV>, crossRegionReferences?: boolean): Place =>
  (app) => ({
    home: new Stack(app, 'Home', { env: home, crossRegionReferences }),
    here: new Stack(app, 'Here', { env: here, crossRegionReferences }),
  });

/** The columns of the table: one stack first, with which the others are compared. */
export const PLACES: Record<string, Place> = {
  'one stack': (app) => {
    const stack = new Stack(app, 'Home', { env: ENV });
    return { home: stack, here: stack };
  },
  'another stack': stacks(ENV, ENV),
  'another stack, environment not known': stacks({}, {}),
  'another stack, one environment known': stacks(ENV, {}),
  'another Region': stacks(ENV, { ...ENV, region: 'us-east-1' }),
  'another Region, with cross-Region references': stacks(ENV, { ...ENV, region: 'us-east-1' }, true),
  'another account': stacks(ENV, { ...ENV, account: '222222222222' }),
  'a stage': (app) => {
    const stage = new Stage(app, 'Prod', { env: ENV });
    return { home: new Stack(stage, 'Home'), here: new Stack(stage, 'Here') };
  },
  'another stage': (app) => ({
    home: new Stack(new Stage(app, 'Shared', { env: ENV }), 'Home'),
    here: new Stack(new Stage(app, 'Prod', { env: ENV }), 'Here'),
  }),
  'a nested stack': (app) => {
    const home = new Stack(app, 'Home', { env: ENV });
    return { home, here: new NestedStack(home, 'Here') };
  },
  'a mesh in a nested stack': (app) => {
    const here = new Stack(app, 'Here', { env: ENV });
    return { home: new NestedStack(here, 'Home'), here };
  },
  'two nested stacks': (app) => {
    const parent = new Stack(app, 'Parent', { env: ENV });
    return { home: new NestedStack(parent, 'Home'), here: new NestedStack(parent, 'Here') };
  },
};

/** What a look-up has found of the zones, without which CDK goes on with zones of its own. */
export const ZONES = Object.fromEntries(
  ['111111111111', '222222222222'].flatMap((account) =>
    ['eu-west-1', 'us-east-1'].map((region) => [
      `availability-zones:account=${account}:region=${region}`,
      ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    ]),
  ),
);

export function spotIn(app: App, place: Place): Spot {
  const { home, here } = place(app);
  const mesh = new ServiceConnectMesh(home, 'Mesh', { privateDomain: 'corp.local' });
  return { mesh, network: MeshNetwork.fromVpc(mesh.vpc), home, here };
}
