import { ServiceConnectMesh } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { ENDPOINTS } from '../endpoints';
import { newService } from '../helpers';
import { PLACES, ZONES } from './places';
import { judge } from './verdict';
import { smallApp } from '../small-app';

const NAMES = Object.keys(ENDPOINTS);
/** What has one address, or one name, in every Region. */
const EVERYWHERE = ['external host'];
/** What an imported stack-independent name or a physical name makes known where nothing else of the server is. */
const BY_NAME = ['settings', 'feature flags', 'port of another app', ...EVERYWHERE];
/** Whose values CDK reads with a custom resource. */
const READ_FROM_AFAR = ['Redis that exists', 'external route', 'bucket', 'some keys of a bucket', 'secret', ...EVERYWHERE];

/** The columns: those endpoints that a client with a mesh of its own can reach. */
const REACHABLE: Record<string, string[]> = {
  'another stack': NAMES,
  'another stack, one environment known': BY_NAME,
  'another Region': EVERYWHERE,
  'another Region, with cross-Region references': READ_FROM_AFAR,
  'another account': EVERYWHERE,
  'another stage': ['port of another app', ...EVERYWHERE],
};

describe.each(Object.entries(REACHABLE))('PR-07: a client with a mesh of its own in %s', (column, reachable) => {
  test.each(NAMES)('%s', (name) => {
    const { refused, raw, wrong } = judge(() => {
      const app = smallApp(ZONES);
      const { home, here } = PLACES[column](app);
      const mesh = new ServiceConnectMesh(home, 'Mesh', { privateDomain: 'corp.local' });
      const own = new ServiceConnectMesh(here, 'Own', { privateDomain: 'own.local' });
      const endpoint = ENDPOINTS[name]({ mesh, scope: new Construct(home, 'Server'), name: 'Server' });
      newService(own, 'Client', {}, here).connectTo(endpoint, { as: 'SERVER' });
      return app;
    });
    expect({ refused, raw, wrong }).toEqual({
      refused: reachable.includes(name) ? undefined : 'OtherEnvironment',
      raw: undefined,
      wrong: [],
    });
  });
});
