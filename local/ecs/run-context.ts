import { ImageSource } from './image';
import { NamesTable } from '../dns/names-table';
import { Addresses } from '../net/addresses';
import { Ports } from '../net/ports';
import { ProcessTable } from '../process/process-table';
import { SecretValues } from '../secrets/secret-values';

/** What the tasks of one run share. */
export interface RunContext {
  readonly region: string;
  readonly account: string;
  readonly addresses: Addresses;
  readonly ports: Ports;
  readonly table: ProcessTable;
  readonly names: NamesTable;
  readonly secrets: SecretValues;
  readonly overrides: Readonly<Record<string, string>>;
  readonly runDirectory: string;
  readonly logDirectory: string;
  /** What makes the names resolve in Node, and the folder of what does in Python. */
  readonly preload: string;
  readonly pythonPath: string;
  /** Base address of the stub that stands in for AWS (secrets, task metadata). */
  readonly controlUrl: string;
  /** No stop takes longer than this, whatever the template says: somebody is waiting at a terminal. */
  readonly stopCapMs: number;
  /** Likewise for the draining of targets. */
  readonly drainCapMs: number;
  /** The directory that holds an image's files. */
  imageRoot(image: Extract<ImageSource, { kind: 'asset' }>): string;
  /** The directory of the programs that an image installs, where it installs any. */
  programs(image: Extract<ImageSource, { kind: 'asset' }>): string | undefined;
  /** Fit a container's environment to what this machine has. */
  adjust(env: Record<string, string>): Record<string, string>;
  /** How to run a Redis image's command here, and the directory that its programs are in. Data in a file system outlive the task. */
  redisContainer(command: readonly string[], label: string, fileSystem?: string): { command: string[]; searchPath: string };
}
