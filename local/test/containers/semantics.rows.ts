import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Docker from 'dockerode';
import { inside } from './connections-of-run';
import { synthesiseRows } from './rows-app';
import { until } from '../../check/visitor';
import { remainsOf } from '../../containers/cleaner';
import { Task } from '../../ecs/task';
import { Addresses } from '../../net/addresses';
import { notEmulated } from '../../report/not-emulated';
import { LocalRun } from '../../run/local-run';

// The rows of the table in local/README.md: each is something that ECS does, seen in a container. The lane `containers` runs them.
jest.setTimeout(120_000);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rows-'));
const socket = new URL(process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').pathname;
const docker = new Docker({ socketPath: socket });
const said: string[] = [];
let run: LocalRun;

beforeAll(async () => {
  const root = path.join(__dirname, '..', '..', '..');
  const options = {
    ...{ assembly: synthesiseRows(path.join(scratch, 'assembly')), root, localDirectory: path.join(root, 'local') },
    ...{ overrides: {}, secrets: {}, engine: 'container' as const, say: (line: string) => void said.push(line) },
  };
  run = new LocalRun(options, await Addresses.claim());
  // The greedy task never stays; everything else does.
  void run.start().catch((error: Error) => said.push(error.message));
  const wanted = ['Confined', 'Stubborn', 'Polite', 'Echo', 'Client', 'Late', 'Guarded', 'Friend'];
  await until('the tasks run', 90_000, () => wanted.every((label) => taskOf(label)?.state === 'RUNNING'));
});
afterAll(async () => {
  await run.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const taskOf = (label: string): Task | undefined =>
  run.services.find(({ plan }) => plan.label === label)?.running.find(({ containers }) => containers.length > 0);

/** What a shell in a container of a task prints. */
async function shell(label: string, container: string, command: string): Promise<string> {
  const { runtime } = taskOf(label)!.containers.find(({ plan }) => plan.name === container)!;
  return inside(docker, runtime.id, ['sh', '-c', `${command} 2>&1`]);
}
const app = (command: string) => shell('Confined', 'app', command);
const inspect = (label: string, container: string) =>
  docker.getContainer(taskOf(label)!.containers.find(({ plan }) => plan.name === container)!.runtime.id).inspect();

describe('a confined container', () => {
  test('runs as its user, in its folder, with its labels', async () => {
    expect(await app('id -u; id -g; pwd')).toBe('1000\n1000\n/home/node');
    expect((await inspect('Confined', 'app')).Config.Labels).toMatchObject({ team: 'rows' });
  });

  test.each(['', '/tmp', '/run', '/var/tmp', '/home/node'])('cannot write %s/x on its read-only root', async (folder) => {
    expect(await app(`touch ${folder}/x`)).toContain('Read-only file system');
  });

  test('has no capabilities; one that drops none has those of Docker', async () => {
    expect(await app('grep CapBnd /proc/self/status')).toMatch(/0{16}$/);
    expect(await shell('Confined', 'open', 'grep CapBnd /proc/self/status')).toMatch(/00000000a80425fb$/);
  });

  test('has an init process, which its program is not', async () => {
    expect(await app('cat /proc/1/cmdline | tr "\\0" " "')).toMatch(/init.* sleep 1000/);
    expect(await shell('Confined', 'open', 'cat /proc/1/cmdline | tr "\\0" " "')).toMatch(/^sleep 1000/);
  });

  test('has its limits of open files and its kernel settings', async () => {
    expect(await app('grep files /proc/1/limits; cat /proc/sys/net/core/somaxconn')).toMatch(/1024 +2048 +files *\n2048$/);
  });

  test('has memory in the place of a folder, of the size given, which everybody may write and nobody may run from', async () => {
    expect(await app('stat -c "%a %u" /scratch; grep " /scratch " /proc/mounts; touch /scratch/x')).toMatch(
      /^1777 0\n.*noexec.*size=16384k/,
    );
  });
});

describe('volumes', () => {
  test('T27: an empty one belongs to root with mode 0755, so a user cannot write it', async () => {
    expect(await app('stat -c "%u:%g %a" /plain; touch /plain/x')).toMatch(/^0:0 755\n.*Permission denied/);
  });

  test('one on the path that the image declares has the content and the owner of the image', async () => {
    expect(await shell('Confined', 'store', 'stat -c "%U:%G" /data')).toBe('valkey:valkey');
  });

  test('a folder of a file system belongs to the user of its access point, with the mode given', async () => {
    expect(await app('stat -c "%u:%g %a" /kept; touch /kept/x && echo written')).toBe('1000:1000 750\nwritten');
  });

  test('a mount that is only to be read is', async () => {
    expect(await app('touch /shown/x')).toContain('Read-only file system');
  });
});

describe('a task', () => {
  test('starts a container after those it waits for', async () => {
    const started = async (name: string) => Date.parse((await inspect('Confined', name)).State.StartedAt);
    expect(await started('app')).toBeGreaterThan(await started('store'));
    const first = await inspect('Confined', 'first');
    expect(await started('open')).toBeGreaterThanOrEqual(Date.parse(first.State.FinishedAt));
  });

  test('is checked by a command in its container, and its containers share localhost', async () => {
    await until('the task is healthy', 30_000, () => taskOf('Confined')?.health === 'HEALTHY');
    expect(
      await shell('Confined', 'open', `node -e "fetch('http://localhost:6380').then((r) => r.text()).then(console.log)"`),
    ).toBe('hi');
  });

  test('whose container takes more memory than it may is told of so, and replaced', async () => {
    await until('it ended', 30_000, () => said.some((line) => line.includes('Greedy')));
    expect(said.find((line) => line.includes('Greedy'))).toMatch(
      /essential container app ended \(.*OutOfMemoryError.*container killed due to memory usage/,
    );
  });

  test('is asked to end with SIGTERM, and killed after its stop timeout', async () => {
    const [polite, stubborn] = [taskOf('Polite')!, taskOf('Stubborn')!];
    await Promise.all([polite.stop('test'), stubborn.stop('test')]);
    expect(await Promise.all([polite, stubborn].map(({ containers }) => containers[0].runtime.exited))).toEqual([7, 137]);
    expect(fs.readFileSync(path.join(run.logDirectory, `${polite.label}.app.log`), 'utf8')).toContain('goodbye');
  });
});

describe('Service Connect', () => {
  const ask = (url: string, from = 'Client') => {
    const program = `fetch('${url}').then(async (r) => console.log(r.status, await r.text()), (e) => console.log(e.cause.code))`;
    return shell(from, 'app', `node -e "${program}"`);
  };

  test('writes an IPv4 and an IPv6 address of each name into /etc/hosts', async () => {
    expect(await shell('Client', 'app', 'grep echo /etc/hosts')).toMatch(/^127\.255\.0\.1\s+echo\n2600:f0f0::1\s+echo$/);
  });

  test.each(['http://echo/a', 'http://127.255.0.1/a', 'http://[2600:f0f0::1]/a'])('%s leads to the task', async (url) => {
    await until('the endpoint is known', 20_000, async () => (await ask(url)).startsWith('200'));
    // Its own proxy hands it on: the program sees localhost.
    expect(await ask(url)).toMatch(/^200 \/a from .*127\.0\.0\.1$/);
  });

  test("T5: its proxy ends a request at the template's timeout", async () => {
    expect(await ask('http://echo/slow')).toBe('504 upstream request timeout');
  });

  test('T5: the proxy of a server ends requests that come to its address as well', async () => {
    const address = await shell(
      'Echo',
      'app',
      `node -p "Object.values(os.networkInterfaces()).flat().find(({ address }) => address.startsWith('10.')).address"`,
    );
    expect(await ask(`http://${address}:8080/a`)).toMatch(/^200/);
    expect(await ask(`http://${address}:8080/slow`)).toBe('504 upstream request timeout');
  });

  test('leads through the security groups of both tasks', async () => {
    await until('the endpoint is known', 20_000, async () => (await ask('http://guarded/a', 'Friend')).startsWith('200'));
    expect(await ask('http://guarded/a')).toBe('504 upstream request timeout');
  });

  test('T1: a client does not know a server that the template does not start before it', async () => {
    expect(await shell('Client', 'app', 'cat /etc/hosts')).not.toContain('late');
    expect(await ask('http://late/')).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });
});

describe('the run', () => {
  test('tells metadata at the address that ECS has', async () => {
    const metadata = await app(
      `node -e "fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + '/task').then((r) => r.text()).then(console.log)"`,
    );
    expect(JSON.parse(metadata)).toMatchObject({ Family: 'Confined', LaunchType: 'FARGATE' });
  });

  test('says what it is, and what it is not', () => {
    expect(run.engine?.description).toMatch(/^containers of (Podman|Docker) \d/);
    expect(notEmulated(run).join()).not.toContain('every port is reachable');
    expect(notEmulated(run).join()).toMatch(/Fargate and EC2 themselves.*a stand-in with 24\./);
  });

  test('leaves nothing: no container, network or volume', async () => {
    const name = (await inspect('Client', 'app')).Config.Labels['cdk-ecs-mesh.run'];
    expect(await remainsOf(docker, name)).not.toEqual([]);
    await run.stop();
    expect(await remainsOf(docker, name)).toEqual([]);
    expect(execFileSync('ls', [scratch], { encoding: 'utf8' })).toContain('assembly');
  });
});
