import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { NamesTable } from '../dns/names-table';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'local-test-'));
const names = new NamesTable(path.join(scratch, 'names.json'));
let port = 0;
const server = net.createServer((socket) => socket.end('reached'));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as net.AddressInfo).port;
  names.set('redis.care-ns', [{ address: '127.0.0.1', ports: { 6379: port } }]);
});
afterAll(() => {
  server.close();
  fs.rmSync(scratch, { recursive: true, force: true });
});

/** Run a program as a task runs: with the folder of sitecustomize, and nothing else. */
function run(lines: string[], self: object = {}): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? '',
    PYTHONPATH: path.join(__dirname, '..', 'dns', 'python'),
    PYTHONDONTWRITEBYTECODE: '1',
    MESH_NAMES: names.file,
    MESH_SELF: JSON.stringify(self),
  };
  return new Promise((resolve, reject) => {
    execFile('python3', ['-c', ['import socket', ...lines].join('\n')], { env, timeout: 8000 }, (error, stdout, stderr) =>
      error ? reject(new Error(stderr || error.message)) : resolve(stdout.trim()),
    );
  });
}

const listen = (address: string, wanted: number) => [
  's = socket.socket()',
  `s.bind(("${address}", ${wanted}))`,
  'print(*s.getsockname())',
];

test('a private name is reached on the port that is really bound', async () => {
  expect(await run(['s = socket.create_connection(("redis.care-ns", 6379))', 'print(s.recv(16).decode())'])).toBe('reached');
});

test.each([
  ['every address and the port of the container: the address of the task', '0.0.0.0', 9000],
  ['no address and the port of the container: the same', '', 9000],
])('a server that listens on %s', async (_name, address, wanted) => {
  const own = { 9000: { address: '127.0.0.3', port: port + 1 > 65_535 ? port - 1 : port + 1 } };
  expect(await run(listen(address, wanted), own)).toBe(`127.0.0.3 ${own[9000].port}`);
});

test('a server on an address of its own choice, or on a port that the template does not have, stays there', async () => {
  const own = { 9000: { address: '127.0.0.3', port: 1 } };
  expect(await run(listen('127.0.0.4', 0), own)).toMatch(/^127\.0\.0\.4 \d+$/);
  expect(await run(listen('0.0.0.0', 0), own)).toMatch(/^0\.0\.0\.0 \d+$/);
});
