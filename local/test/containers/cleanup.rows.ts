import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';
import { NODE, synthesiseRows } from './rows-app';
import { remainsOf, removeContainer, removeLeftOvers } from '../../containers/cleaner';
import { Addresses } from '../../net/addresses';
import { LocalRun } from '../../run/local-run';

// Whatever ends a run, and whenever: no container, network or volume stays. The lane `containers` runs this.
jest.setTimeout(120_000);
const docker = new Docker({ socketPath: new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').pathname });
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rows-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A process that has ended: its id is nobody's. */
const DEAD = 0x7fffffff;
const DEAD_RUN = { 'cdk-ecs-mesh.run': 'dead', 'cdk-ecs-mesh.runner': `${os.hostname()}/${DEAD}` };

test('the next run removes what a killed runner left', async () => {
  await docker.createNetwork({ Name: 'cdk-ecs-mesh-dead', Labels: DEAD_RUN });
  await docker.createVolume({ Name: 'cdk-ecs-mesh-dead', Labels: DEAD_RUN });
  const HostConfig = {
    NetworkMode: 'cdk-ecs-mesh-dead',
    Mounts: [{ Type: 'volume' as const, Source: 'cdk-ecs-mesh-dead', Target: '/v' }],
  };
  await (await docker.createContainer({ Image: NODE, Cmd: ['sleep', '1000'], Labels: DEAD_RUN, HostConfig })).start();
  expect(await remainsOf(docker, 'dead')).toHaveLength(3);
  expect(await removeLeftOvers(docker)).toEqual(['dead']);
  expect(await remainsOf(docker, 'dead')).toEqual([]);
});

test('a container that ends in the moment in which it is removed is removed', async () => {
  const labels = { 'cdk-ecs-mesh.run': 'brief' };
  const brief = async () => {
    const container = await docker.createContainer({
      ...{ Image: NODE, Cmd: ['true'], Labels: labels, HostConfig: { NetworkMode: 'none' } },
    });
    await container.start();
    await removeContainer(container);
  };
  for (let times = 0; times < 4; times++) await Promise.all([brief(), brief(), brief()]);
  expect(await remainsOf(docker, 'brief')).toEqual([]);
});

// Where a run is by then depends on the machine. At each moment something else is being made: the network, holders, containers.
test.each([300, 800, 1500, 3000])('a run that is stopped %i ms after its start leaves nothing', async (afterMs) => {
  const root = path.join(__dirname, '..', '..', '..');
  const options = {
    ...{ assembly: synthesiseRows(path.join(scratch, `assembly-${afterMs}`)), root, localDirectory: path.join(root, 'local') },
    ...{ overrides: {}, secrets: {}, engine: 'container' as const, say: () => undefined },
  };
  const run = new LocalRun(options, await Addresses.claim());
  const started = run.start().catch((error: Error) => error.message);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await run.stop();
  expect(await started).toContain('the run is over');
  expect(await remainsOf(docker, `${process.pid}-${run.addresses.run}`)).toEqual([]);
});
