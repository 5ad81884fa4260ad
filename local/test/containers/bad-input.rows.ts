import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleRunner, ROOT, Runner, RunnerOptions } from './runner';
import { synthesiseSmall } from './small-app';

// What goes wrong outside of the template: the person is told what to do, and nothing is left. The lane `containers` runs this.
jest.setTimeout(180_000);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bad-input-'));
const program = bundleRunner(path.join(scratch, 'runner.cjs'));
const small = synthesiseSmall(path.join(scratch, 'small'));
const asRoot = process.getuid?.() === 0 ? test : test.skip;
fs.chmodSync(scratch, 0o755);
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

interface Given extends RunnerOptions {
  readonly engine?: 'container' | 'process' | 'auto';
  readonly assembly?: string;
  readonly root?: string;
}

const wordsOf = ({ engine = 'container', assembly = small, root = ROOT }: Given) => [
  ...[program, '--root', root, '--assembly', assembly, '--example', 'small', '--engine', engine],
];

/** Runs it to its end; returns what it says. */
async function refused(given: Given): Promise<string> {
  const runner = new Runner(wordsOf(given), given);
  expect(await runner.ended).toBe(1);
  expect(await runner.leftOver(scratch)).toEqual([]);
  expect(runner.output).not.toContain('    at ');
  return runner.output;
}

/** A disk of one mebibyte, as only root can make one. */
async function onSmallDisk(work: (disk: string) => Promise<void>): Promise<void> {
  const disk = fs.mkdtempSync(path.join(scratch, 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  try {
    await work(disk);
  } finally {
    execFileSync('umount', [disk]);
  }
}

describe('an engine', () => {
  test('that is not there is an error with both ways out', async () => {
    const socket = path.join(scratch, 'none.sock');
    const said = await refused({ env: { DOCKER_HOST: `unix://${socket}` } });
    expect(said).toContain(`no container engine answers: unix://${socket}: nothing is there; start Docker or Podman`);
    expect(said).toContain('or use --engine process');
  });

  describe('whose socket belongs to others', () => {
    const socket = path.join(scratch, 'closed.sock');
    const root = path.join(scratch, 'home');
    const somebody = { root, uid: 61234, gid: 61234, env: { DOCKER_HOST: `unix://${socket}` } };
    const server = net.createServer();
    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      fs.chmodSync(socket, 0o600);
      fs.cpSync(path.join(ROOT, 'local'), path.join(root, 'local'), { recursive: true });
      fs.mkdirSync(path.join(root, '.cache', 'demo'), { recursive: true });
      for (const folder of ['.cache', '.cache/demo']) fs.chownSync(path.join(root, folder), 61234, 61234);
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));

    asRoot('is an error that says how to get rights', async () => {
      expect(await refused(somebody)).toContain(
        `unix://${socket}: no rights; join the group that owns it, or run the engine rootless`,
      );
    });

    asRoot('and that nobody asked for is a line that says so, and processes run', async () => {
      const runner = new Runner(wordsOf({ ...somebody, engine: 'auto' }), somebody);
      await runner.says('Open ');
      runner.interrupt();
      expect(await runner.ended).toBe(0);
      expect(runner.output).toContain(`Engine: processes, because unix://${socket}: no rights; join the group that owns it`);
    });
  });
});

describe('an image', () => {
  test('that cannot be pulled is an error that names it and what to do', async () => {
    const assembly = synthesiseSmall(path.join(scratch, 'unpullable'), { image: '127.0.0.1:1/team/api:3' });
    const said = await refused({ assembly });
    expect(said).toContain('cannot pull the image 127.0.0.1:1/team/api:3: ');
    expect(said).toContain('log in to its registry, or give a local image that name (docker tag)');
  });

  test('that cannot be built is an error with the end of what its build said', async () => {
    const dockerfile = ['FROM node:24-alpine', 'RUN echo a word of the build; exit 7'];
    const assembly = synthesiseSmall(path.join(scratch, 'unbuildable'), { dockerfile });
    const said = await refused({ assembly });
    expect(said).toContain(`cannot build the image of ${path.join(assembly, 'image')}: `);
    expect(said).toMatch(/exit status 7[^]*\na word of the build/);
  });
});

describe.each(['container', 'process'] as const)('with the %s engine', (engine) => {
  test('a port that is taken moves, and the table says where', async () => {
    const taken = net.createServer().listen(0, '0.0.0.0');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as net.AddressInfo;
    const assembly = synthesiseSmall(path.join(scratch, `port-${engine}`), { port });
    const runner = new Runner(wordsOf({ engine, assembly }));
    await runner.says('Open ');
    runner.interrupt();
    expect(await runner.ended).toBe(0);
    await new Promise((resolve) => taken.close(resolve));
    expect(runner.output).toMatch(new RegExp(`:${port} .*127\\.10\\.\\d+\\.\\d+:(?!${port}\\b)\\d+`));
    expect(await runner.leftOver(scratch)).toEqual([]);
  });

  asRoot('a disk without space is an error that names the disk', () =>
    onSmallDisk(async (disk) => {
      fs.symlinkSync(path.join(ROOT, 'local'), path.join(disk, 'local'));
      expect(await refused({ engine, root: disk })).toContain(
        `the disk of ${disk} has 1 MiB left, and a run needs 64 MiB at least; free space there`,
      );
    }),
  );
});

asRoot('temporary files on a disk without space are an error that says what to do', () =>
  onSmallDisk(async (disk) => {
    const assembly = synthesiseSmall(path.join(scratch, 'large'), {
      dockerfile: ['FROM x', 'COPY . /', 'CMD ["node", "index.js"]'],
    });
    fs.writeFileSync(path.join(assembly, 'image', 'large'), Buffer.alloc(2 * 1024 * 1024));
    expect(await refused({ engine: 'process', assembly, env: { TMPDIR: disk } })).toMatch(
      /ENOSPC.*; a disk is full: free space where this checkout and the temporary files are/,
    );
  }),
);

const withoutSpace = process.env.FULL_ENGINE ?? '';
(withoutSpace === '' ? test.skip : test)('an engine without space is an error that says what to do', async () => {
  expect(await refused({ env: { DOCKER_HOST: withoutSpace } })).toMatch(
    /no space left on device[^]*a disk is full: free space .* in the engine \(docker system prune\)/,
  );
});
