import * as os from 'node:os';
import { PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { until } from '../../check/visitor';
import { LocalRun } from '../../run/local-run';
import { INTERNET } from '../fixture/connections';

const PROBE = `
const { targets, from } = JSON.parse(process.argv[1]);
const probe = ({ address, port }) => new Promise((resolve) => {
  const socket = require('net').connect({ host: address, port, localAddress: from });
  const end = (answered) => { socket.destroy(); resolve(answered); };
  // Who refuses has heard, and so has a proxy that finds nobody behind it: a packet that no rule lets through gets no answer at all.
  socket.once('connect', () => end(true)).once('error', ({ code }) => end(['ECONNREFUSED', 'ECONNRESET'].includes(code)));
  setTimeout(() => end(false), 5000);
});
Promise.all(targets.map(probe)).then((answers) => console.log(JSON.stringify(answers)));`;

/** A part of a run with an address in the tasks' network, and the container from which its connections leave. */
export interface Party {
  readonly part: string;
  readonly address: string;
  readonly container: string;
  /** Where the gateway has the address. */
  readonly atGateway: boolean;
}

interface Target {
  readonly part: string;
  readonly address: string;
  readonly port: number;
}

/** Opens real connections between the parts of a run. */
export class Connections {
  private second = '';

  constructor(
    private readonly docker: Docker,
    private readonly run: LocalRun,
    /** The name of the resource that has a key. */
    private readonly partOf: (key: string) => string,
  ) {}

  /** Waits until as many tasks run, and returns everything that connects or is connected to. */
  public async parties(tasks: number): Promise<Party[]> {
    const running = () => this.run.tasks.filter(({ state }) => state === 'RUNNING');
    await until(`${tasks} tasks run`, 90_000, () => running().length === tasks);
    const holders = await this.holders();
    const gateway = holders.get('gateway')!;
    this.second = gateway.address.split('.')[1];
    const { loadBalancers, networkLoadBalancers, redisServers, postgres } = this.run;
    const balancers = [...loadBalancers, ...networkLoadBalancers].map(({ plan, listeners: [{ address }] }) => ({
      ...plan,
      address,
    }));
    const stores = [...redisServers, ...postgres.servers].map(({ options }) => ({
      key: options.plan.resource.key,
      address: options.address,
    }));
    const shared = [...balancers, ...stores].map(({ key, address }) => ({
      ...{ part: this.partOf(key), address: this.inside(address), container: gateway.id, atGateway: true },
    }));
    const own = running().map(({ label, service, placement }) => {
      const [, holder] = [...holders].find(([name]) => name.startsWith(`${label.toLowerCase()}-`))!;
      return { part: this.partOf(service.key), address: this.inside(placement.address), container: holder.id, atGateway: false };
    });
    return [...shared, ...own];
  }

  /** Which of the ports of the others a party reaches, as lines of a table. */
  public async reached(from: Party, parties: readonly Party[], ports: readonly number[]): Promise<string[]> {
    const others = [...parties, ...this.outside()].filter(({ address }) => address !== from.address);
    const targets = others.flatMap(({ part, address }) => ports.map((port): Target => ({ part, address, port })));
    const localAddress = from.atGateway ? from.address : undefined;
    const answers = JSON.parse(
      await inside(this.docker, from.container, ['node', '-e', PROBE, JSON.stringify({ targets, from: localAddress })]),
    ) as boolean[];
    return targets.filter((_target, i) => answers[i]).map(({ part, port }) => `${from.part} -> ${part} ${port}`);
  }

  /** This machine's own address stands for those outside of the network. */
  public outside(): { part: string; address: string }[] {
    const own = Object.values(os.networkInterfaces()).flatMap((addresses) => addresses ?? []);
    return own
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('10.'))
      .slice(0, 1)
      .map(({ address }) => ({ part: INTERNET, address }));
  }

  private inside(address: string): string {
    return address.replace(/^127\.(\d+)\.\d+\.(\d+)$/, `10.${this.second}.$1.$2`);
  }

  /** The containers that hold networks, by their names in the run. */
  private async holders(): Promise<Map<string, { id: string; address: string }>> {
    const prefix = `cdk-ecs-mesh-${process.pid}-${this.run.addresses.run}`;
    const all = await this.docker.listContainers({
      filters: { label: [`cdk-ecs-mesh.run=${prefix.replace('cdk-ecs-mesh-', '')}`] },
    });
    return new Map(
      all
        .map(({ Id: id, Names: [name], NetworkSettings }) => [
          name.replace(/^\//, '').replace(`${prefix}-`, ''),
          { id, address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '' },
        ])
        .filter(([name]) => /-net$|^gateway$/.test(name as string)) as [string, { id: string; address: string }][],
    );
  }
}

/** What a command in a container prints. */
export async function inside(docker: Docker, container: string, command: readonly string[]): Promise<string> {
  const exec = await docker.getContainer(container).exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({});
  const output = new PassThrough();
  const chunks: Buffer[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(stream, output, output);
  await new Promise((resolve) => stream.once('end', resolve));
  return Buffer.concat(chunks).toString().trim();
}
