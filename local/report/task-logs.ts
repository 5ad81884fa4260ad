import * as fs from 'node:fs';
import * as path from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const TICK_MS = 250;
const ALL = 'all';

/** Prints what tasks write, each line behind the name of its task and container. */
export class TaskLogs {
  private readonly read = new Map<string, number>();
  private readonly decoders = new Map<string, StringDecoder>();
  private readonly rests = new Map<string, string>();
  private timer?: NodeJS.Timeout;

  /** @param wanted beginnings of the names of tasks, such as `Api` or `Api-1`; `all` for each */
  constructor(
    private readonly directory: string,
    private readonly wanted: readonly string[],
    private readonly say: (line: string) => void,
  ) {}

  public start(): void {
    if (this.wanted.length > 0) this.timer = setInterval(() => this.poll(), TICK_MS).unref();
  }

  public stop(): void {
    clearInterval(this.timer);
    if (this.wanted.length > 0) this.poll();
  }

  public poll(): void {
    for (const file of fs.readdirSync(this.directory).sort()) {
      const name = file.replace(/\.log$/, '');
      if (name !== file && this.isWanted(name)) this.forward(name, path.join(this.directory, file));
    }
  }

  private isWanted(name: string): boolean {
    return this.wanted.some((each) => each === ALL || name.toLowerCase().startsWith(each.toLowerCase()));
  }

  private forward(name: string, file: string): void {
    const from = this.read.get(name) ?? 0;
    const bytes = readFrom(file, from);
    if (bytes.length === 0) return;
    this.read.set(name, from + bytes.length);
    if (!this.decoders.has(name)) this.decoders.set(name, new StringDecoder('utf8'));
    const lines = `${this.rests.get(name) ?? ''}${this.decoders.get(name)!.write(bytes)}`.split('\n');
    this.rests.set(name, lines.pop()!);
    for (const line of lines) this.say(`${name} | ${line}`);
  }
}

function readFrom(file: string, from: number): Buffer {
  const descriptor = fs.openSync(file, 'r');
  try {
    const size = fs.fstatSync(descriptor).size - from;
    if (size <= 0) return Buffer.alloc(0);
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, fs.readSync(descriptor, buffer, 0, size, from));
  } finally {
    fs.closeSync(descriptor);
  }
}
