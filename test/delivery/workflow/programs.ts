import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { AddressInfo, createServer, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { raw } from 'jq-wasm';

export interface Answer {
  readonly output: string;
  readonly status: number;
}

export type Call = (program: string, args: string[]) => Answer;

/** The programs that scripts of a workflow call: jq is jq, and of the others the test says what they do. */
export class Programs {
  private readonly server: Server;

  constructor(
    private readonly folder: string,
    private readonly call: Call,
  ) {
    for (const program of ['aws', 'docker', 'curl', 'jq']) copyFileSync(join(__dirname, 'program.sh'), join(folder, program));
    this.server = createServer((socket) => this.serve(socket));
  }

  /** The variables that a script needs to call them. */
  public async start(): Promise<Record<string, string>> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    return { PATH: `${this.folder}:${process.env.PATH}`, PROGRAMS_PORT: `${port}` };
  }

  public stop(): void {
    this.server.close();
  }

  private serve(socket: Socket): void {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const [count, program, ...words] = text.split('\0');
      // The words, the input, and what is behind the last end of a text.
      if (words.length !== Number(count) + 2) return;
      const input = words[Number(count)];
      void this.answer(program, words.slice(0, Number(count)), input).then(({ output, status }) =>
        socket.end(`${status}\n${output}`),
      );
    });
  }

  private async answer(program: string, args: string[], input: string): Promise<Answer> {
    return program === 'jq' ? this.jq(args, input) : this.call(program, args);
  }

  /** jq [options] [--arg name value] filter [file] */
  private async jq(args: string[], input: string): Promise<Answer> {
    const named = args.indexOf('--arg');
    const end = named < 0 ? args.findIndex((one) => !one.startsWith('-')) : named + 3;
    const [filter, file = ''] = args.slice(end);
    const source = existsSync(join(this.folder, file)) && file ? readFileSync(join(this.folder, file), 'utf8') : input;
    const { stdout, stderr, exitCode } = await raw(source, filter, args.slice(0, end));
    return { output: stdout + (stdout && '\n') + stderr, status: exitCode };
  }
}
