import { ProcessTable } from './process-table';
import { NamesTable } from '../dns/names-table';
import { ImageSource } from '../ecs/image';
import { RunContext } from '../ecs/run-context';
import { Ports } from '../net/ports';

export interface ProcessEngineOptions extends Omit<RunContext, 'engine'> {
  readonly ports: Ports;
  readonly table: ProcessTable;
  readonly names: NamesTable;
  /** True where each task has an address of its own. */
  readonly separate: boolean;
  /** What makes the names resolve in Node, and the folder of what does in Python. */
  readonly preload: string;
  readonly pythonPath: string;
  /** The directory that holds an image's files. */
  imageRoot(image: Extract<ImageSource, { kind: 'asset' }>): string;
  /** The directory of the programs that an image installs, where it installs any. */
  programs(image: Extract<ImageSource, { kind: 'asset' }>): string | undefined;
  /** How to run a Redis image's command here, and the directory that its programs are in. Data in a file system outlive the task. */
  redisContainer(command: readonly string[], label: string, fileSystem?: string): { command: string[]; searchPath: string };
}
