import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CONNECTED_EXAMPLES, ConnectedExample, connectionsOf, INTERNET, partOf } from './fixture/connections';
import { exampleApp } from './fixture/example-app';
import { Reachability } from '../../src';
import { CloudAssembly } from '../assembly/cloud-assembly';
import { Resolver } from '../intrinsics/resolver';
import { permittedPairs } from '../security-groups/permitted-pairs';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'connections-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const line = (from: string, to: string, ports: string) => `${from} -> ${to} ${ports}`;
const sorted = (lines: string[]) => [...new Set(lines)].sort();

/** Components of a proof by the names of the table; others are no part of it: the hosts as machines, and the endpoint of S3. */
function proven({ parts }: ConnectedExample, reachability: Reachability): string[] {
  const nameOf = (component: string) =>
    component === INTERNET ? INTERNET : Object.keys(parts).find((part) => component.endsWith(`/${parts[part]}`));
  return reachability.pairs().flatMap(({ from, to, ports }) => {
    const [client, server] = [nameOf(from), nameOf(to)];
    return client && server ? [line(client, server, ports)] : [];
  });
}

describe.each(CONNECTED_EXAMPLES)('$name: who may connect to whom', (example) => {
  const outdir = path.join(scratch, example.name);
  const app = exampleApp(example, outdir);
  const connections = connectionsOf(example);

  test('by its security groups is what the table says', () => {
    const resolver = new Resolver(new CloudAssembly(outdir), { addressOf: ({ logicalId }) => logicalId });
    const pairs = permittedPairs(resolver).map(({ from, to, ports }) => {
      const text = ports.map((range) => (range.from === range.to ? `${range.from}` : `${range.from}-${range.to}`));
      return line(partOf(example, from), partOf(example, to), text.join(', '));
    });
    const written = connections.filter(({ ports }) => ports !== 'none');
    expect(sorted(pairs)).toEqual(sorted(written.map(({ from, to, ports }) => line(from, to, ports))));
  });

  test('by the reachability proof is what the table says', () => {
    const written = connections.filter(({ proof }) => proof !== 'none');
    expect(sorted(proven(example, Reachability.of(app)))).toEqual(
      sorted(written.map(({ from, to, proof }) => line(from, to, proof))),
    );
  });
});
