import * as fs from 'node:fs';
import * as path from 'node:path';
import { AwsClient } from './client';
import { AwsEngine, engineEnvironment, findAws } from './engine';
import { AwsPlan, CorsRule, readAws } from './plan';
import { Resolver } from '../intrinsics/resolver';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { Child } from '../process/child';
import { ProcessTable } from '../process/process-table';

export interface AwsHostOptions {
  readonly resolver: Resolver;
  readonly addresses: Addresses;
  readonly table: ProcessTable;
  readonly directory: string;
  readonly logDirectory: string;
  readonly localDirectory: string;
  readonly cacheDirectory: string;
  readonly say: (line: string) => void;
}

const PORT = 4566;
const START_MS = 30_000;

/** Amazon S3, Amazon SQS and Parameter Store of a run: one server that has what the template has, where it has any. */
export class AwsHost {
  public plan: AwsPlan = { buckets: [], queues: [], parameters: [] };
  public engine?: AwsEngine;
  public endpoint = '';
  private child?: Child;

  constructor(private readonly options: AwsHostOptions) {}

  public get running(): boolean {
    return this.child !== undefined && !this.child.ended;
  }

  public get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  public get client(): AwsClient {
    if (this.endpoint === '') throw new Error('the template has no queue, parameter or bucket that a task uses');
    return new AwsClient(this.endpoint, this.options.resolver.assembly.stacks[0].region);
  }

  public async start(ports: Ports): Promise<void> {
    const { resolver, addresses, localDirectory, cacheDirectory, say } = this.options;
    this.plan = readAws(resolver);
    if (Object.values(this.plan).every((list) => list.length === 0)) return;
    this.engine = findAws(localDirectory, cacheDirectory, say);
    const address = addresses.allocate('control');
    const port = await ports.near(address, PORT);
    this.endpoint = `http://${address}:${port}`;
    this.launch(this.engine, address, port);
    await this.answers();
    await this.create();
  }

  public async stop(): Promise<void> {
    await this.child?.stop(3000);
  }

  /** The URL under which this server has a queue of the template. */
  public urlOf(queue: { readonly url: string }): string {
    return `${this.endpoint}${new URL(queue.url).pathname}`;
  }

  /** Tells the SDK of a container where the server is, and a client that sends to the host of a queue's URL as well. */
  public adjust(env: Record<string, string>): Record<string, string> {
    if (this.endpoint === '') return env;
    const urls = new Map(this.plan.queues.map((queue) => [queue.url, this.urlOf(queue)]));
    return {
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, urls.get(value) ?? value])),
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_ENDPOINT_URL_SQS: this.endpoint,
      AWS_ENDPOINT_URL_SSM: this.endpoint,
    };
  }

  private launch({ command }: AwsEngine, address: string, port: number): void {
    const { resolver, directory, logDirectory, table } = this.options;
    const home = path.join(directory, 'aws');
    fs.mkdirSync(home, { recursive: true });
    const [{ account, region }] = resolver.assembly.stacks;
    const env = engineEnvironment({ address, port, account, region, directory: home });
    this.child = new Child({ command, cwd: home, env, log: path.join(logDirectory, 'aws.log'), table });
  }

  private async answers(): Promise<void> {
    for (const until = Date.now() + START_MS; ;) {
      if (await this.client.answers()) return;
      if (!this.running || Date.now() > until) {
        throw new Error(`the AWS server does not start; see ${path.join(this.options.logDirectory, 'aws.log')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Dead-letter queues first: a queue names its own. */
  private async create(): Promise<void> {
    const { client } = this;
    for (const { name, versioned, cors } of this.plan.buckets) {
      await client.object('PUT', `/${name}`);
      if (versioned) await client.object('PUT', `/${name}?versioning`, VERSIONED);
      if (cors.length > 0) await client.object('PUT', `/${name}?cors`, corsConfiguration(cors));
    }
    const dependent = (attributes: object) => Number('RedrivePolicy' in attributes);
    for (const { name, attributes } of [...this.plan.queues].sort((a, b) => dependent(a.attributes) - dependent(b.attributes))) {
      await client.call('sqs', 'CreateQueue', { QueueName: name, Attributes: attributes });
    }
    for (const { name, value, type, allowedPattern } of this.plan.parameters) {
      await client.call('ssm', 'PutParameter', { Name: name, Value: value, Type: type, AllowedPattern: allowedPattern });
    }
  }
}

function corsConfiguration(rules: readonly CorsRule[]): string {
  const element = (name: string, values: readonly string[]) => values.map((value) => `<${name}>${value}</${name}>`).join('');
  const rule = ({ origins, methods, headers }: CorsRule) =>
    `<CORSRule>${element('AllowedOrigin', origins)}${element('AllowedMethod', methods)}${element('AllowedHeader', headers)}</CORSRule>`;
  return `<CORSConfiguration>${rules.map(rule).join('')}</CORSConfiguration>`;
}

const VERSIONED = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
