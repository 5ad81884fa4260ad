import { Service } from '../aws-clients';
import { handle, Rotated, World } from '../handler';

const service = (name: string) => `arn:aws:ecs:eu-west-1:111111111111:service/shop/${name}`;
const ROTATED = new Date('2026-11-30T02:00:00Z');
const EVENT: Rotated = { stack: 'arn:stack', secret: 'arn:secret', services: [service('api')] };
const steady: Service = { status: 'ACTIVE', desiredCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] };

interface State {
  readonly rotated?: Date;
  readonly status?: string;
  readonly service?: Service;
  /** The deployments since the rotation. */
  readonly since?: object[];
  /** The service that ECS does not update. */
  readonly refused?: string;
}

function newWorld({ rotated = ROTATED, status = 'UPDATE_COMPLETE', service: shown = steady, since = [], refused }: State = {}) {
  const asked: Record<string, object[]> = { describeServices: [], listServiceDeployments: [], updateService: [] };
  const answer =
    <T>(name: string, value: T) =>
    async (input: object) => {
      if (name === 'updateService' && refused && JSON.stringify(input).includes(service(refused))) {
        throw new Error('ServiceNotActive');
      }
      asked[name].push(input);
      return value;
    };
  const world: World = {
    secretsManager: { describeSecret: async ({ SecretId }) => (SecretId === 'arn:secret' ? { LastRotatedDate: rotated } : {}) },
    cloudFormation: { describeStacks: async () => ({ Stacks: [{ StackStatus: status }] }) },
    ecs: {
      describeServices: answer('describeServices', { services: [shown] }),
      listServiceDeployments: answer('listServiceDeployments', { serviceDeployments: since }),
      updateService: answer('updateService', {}),
    },
    log: () => undefined,
  };
  return { world, asked };
}

describe('DT-36: after a rotation', () => {
  test('DT-36: a service that has had no deployment since gets one, and nothing else of it changes', async () => {
    const { world, asked } = newWorld();
    await handle(EVENT, world);
    const at = { cluster: 'shop', service: service('api') };
    expect(asked.describeServices).toEqual([{ cluster: 'shop', services: [service('api')] }]);
    expect(asked.listServiceDeployments).toEqual([{ ...at, createdAt: { after: ROTATED } }]);
    expect(asked.updateService).toEqual([{ ...at, forceNewDeployment: true }]);
  });

  test.each<[string, State]>([
    ['a service that has been deployed since, with success or without', { since: [{}] }],
    ['a deployment in progress', { service: { ...steady, deployments: [{ rolloutState: 'IN_PROGRESS' }, {}] } }],
    ['a service without tasks', { service: { ...steady, desiredCount: 0 } }],
    ['a service that is being deleted', { service: { ...steady, status: 'DRAINING' } }],
    ['an update of the stack', { status: 'UPDATE_IN_PROGRESS' }],
    ['a rollback of the stack', { status: 'UPDATE_ROLLBACK_IN_PROGRESS' }],
    ['the cleanup after an update', { status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' }],
  ])('DT-36: %s is left alone', async (_, state) => {
    const { world, asked } = newWorld(state);
    await handle(EVENT, world);
    expect(asked.updateService).toEqual([]);
  });

  test('DT-36: a secret that has never been rotated changes nothing', async () => {
    const { world, asked } = newWorld();
    await handle({ ...EVENT, secret: 'arn:other' }, world);
    expect(asked).toEqual({ describeServices: [], listServiceDeployments: [], updateService: [] });
  });

  test('DT-36: a service that ECS does not know is left alone', async () => {
    const { world, asked } = newWorld();
    world.ecs.describeServices = async () => ({});
    await handle(EVENT, world);
    expect(asked.updateService).toEqual([]);
  });

  test('DT-36: one service that fails stops no other, and the call fails so that an alarm sees it', async () => {
    const { world, asked } = newWorld({ refused: 'api' });
    const both = { ...EVENT, services: [service('api'), service('worker')] };
    await expect(handle(both, world)).rejects.toThrow(`${service('api')}: Error: ServiceNotActive`);
    expect(asked.updateService).toMatchObject([{ service: service('worker') }]);
  });
});
