import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IEndpoint, IMesh } from 'cdk-ecs-mesh';
import { Construct } from 'constructs';
import { newMesh, newService, newStack, only, resources, templateOf } from '../helpers';

const CLIENT = join(__dirname, 'client.mjs');

/** What Secrets Manager would have: letters and digits, as the library asks for. */
export const PASSWORD = 'Aa1'.repeat(21) + 'Z';

/** A store or database and its client, as the template has them. */
export class Deployment {
  public readonly template: Template;

  constructor(create: (scope: Construct, mesh: IMesh) => IEndpoint) {
    const mesh = newMesh(newStack(), { namespaceName: 'care-ns', privateDomain: 'nidhin.local' });
    newService(mesh, 'Api').connectTo(create(Stack.of(mesh), mesh));
    this.template = templateOf(mesh);
  }

  /** The container that the store itself is. */
  public get server() {
    return only(this.template, 'AWS::ECS::TaskDefinition', 'Redis').Properties.ContainerDefinitions[0];
  }

  /** The lines between the markers, wherever in the template they are. */
  public get configuration(): string[] {
    const [, block] = /redis-config begin\\n(.*?)\\n# cdk-ecs-mesh:redis-config end/.exec(JSON.stringify(this.template.toJSON()))!;
    return (JSON.parse(`"${block}"`) as string).split('\n');
  }

  /** Variables and secrets of the client; the name in the network is replaced by loopback, and the port by that of the server. */
  public variables(port: number, username = 'default'): Record<string, string> {
    const [container] = only(this.template, 'AWS::ECS::TaskDefinition', 'Api').Properties.ContainerDefinitions;
    const environment: { Name: string; Value: unknown }[] = container.Environment;
    const secrets: { Name: string }[] = container.Secrets ?? [];
    const valueOf = (name: string, value: unknown) => (name.endsWith('_PORT') ? String(port) : onLoopback(value, port));
    return {
      ...Object.fromEntries(environment.map(({ Name, Value }) => [Name, valueOf(Name, Value)])),
      ...Object.fromEntries(secrets.map(({ Name }) => [Name, Name.endsWith('_PASSWORD') ? PASSWORD : username])),
    };
  }

  public properties(type: string) {
    return Object.values(resources(this.template, type, 'Redis'))[0].Properties;
  }
}

function onLoopback(value: unknown, port: number): string {
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  const text = words.startsWith('{"Fn::Join"')
    ? (JSON.parse(words)['Fn::Join'][1] as unknown[]).map((part) => (typeof part === 'string' ? part : '127.0.0.1')).join('')
    : words.replace(/^\{.*\}$/, '127.0.0.1');
  return text.replace(/redis\.(care-ns|nidhin\.local|example\.com)/, '127.0.0.1').replace('6379', String(port));
}

/** Runs the client with exactly these variables, and gives its answer. */
export async function runClient(
  variables: Record<string, string>,
  [way, task, count = 0]: ['host' | 'url', string, number?],
  ca?: string,
): Promise<unknown> {
  const env = { PATH: process.env.PATH, ...(ca ? { NODE_EXTRA_CA_CERTS: ca } : {}), ...variables };
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [CLIENT, way, task, String(count)], { env, timeout: 15_000 }, (_, stdout, stderr) =>
      resolve(stdout || JSON.stringify({ error: stderr })),
    );
  });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

/** Lets a client write until the server is gone, and counts what was acknowledged; `meanwhile` is called after some writes. */
export async function writeUntilGone(variables: Record<string, string>, meanwhile: () => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, [CLIENT, 'host', 'writeOn'], { env: { PATH: process.env.PATH, ...variables } });
  let acknowledged = 0;
  let ended: Promise<void> | undefined;
  for await (const line of createInterface(child.stdout)) {
    if (!/^\d+$/.test(line)) continue;
    acknowledged++;
    if (acknowledged === 500) ended = meanwhile();
  }
  await ended;
  return acknowledged;
}
