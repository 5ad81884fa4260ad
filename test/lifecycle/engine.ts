import { randomInt } from 'node:crypto';

/** Answers of the engine have other members for each operation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = any;

/** A resource that CloudFormation made and did not delete. */
export interface Existing {
  readonly type: string;
  /** The physical ID. */
  readonly id: string;
  /** The stack and the logical ID. */
  readonly origin: string;
  /** How often it was updated in place. */
  readonly changed: number;
}

/** An empty AWS account in the CloudFormation engine that scripts/lifecycle.mjs has started. */
export class Account {
  public readonly id: string;

  constructor(public readonly region = 'us-east-1') {
    // By chance: the test files that share the engine do not know of each other.
    this.id = `${randomInt(100_000, 1_000_000)}${randomInt(100_000, 1_000_000)}`;
  }

  /** An operation by its name in Python's SDK; all pages of it. */
  public call(service: string, operation: string, parameters: object = {}): Promise<Answer> {
    return ask('call', this.id, this.region, service, operation, parameters);
  }

  /** Several operations, one after the other, each with its service, its name and its parameters. */
  public calls(wanted: (readonly [string, string, object])[]): Promise<Answer[]> {
    return ask('calls', this.id, this.region, wanted);
  }

  public existing(): Promise<Existing[]> {
    return ask('exists', this.id, this.region);
  }

  public upload(bucket: string, key: string, folder: string): Promise<void> {
    return ask('upload', this.id, this.region, bucket, key, folder);
  }

  /** Puts a template where CloudFormation can read it; returns its URL. */
  public template(stack: string, text: string): Promise<string> {
    return ask('template', this.id, this.region, stack, text);
  }

  /** From now on, images whose names contain `text` never become healthy. */
  public breakImages(text: string | null): Promise<void> {
    return ask('mark', this.id, this.region, text);
  }

  /** Switches off the termination protection of a host, as ModifyInstanceAttribute does. */
  public unprotectHost(instance: string): Promise<void> {
    return ask('unprotect', this.id, this.region, instance);
  }
}

async function ask(action: string, ...args: unknown[]): Promise<Answer> {
  const port = process.env.BRIDGE_PORT;
  if (!port) throw new Error('no engine: run `npm test -- --only lifecycle`');
  const response = await fetch(`http://127.0.0.1:${port}/${action}`, { method: 'POST', body: JSON.stringify(args) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${action} ${JSON.stringify(args.slice(2, 4)).slice(0, 200)}: ${answer}`);
  return answer;
}
