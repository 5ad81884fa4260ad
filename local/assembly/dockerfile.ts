import { Copy, DockerfileParser, Env, JSONInstruction } from 'dockerfile-ast';

/** What a Dockerfile's last stage says about how its image runs. */
export interface ImageSpec {
  readonly workdir: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly exposed: readonly number[];
  readonly user?: string;
  /** What ends the container politely. */
  readonly stopSignal?: NodeJS.Signals;
  /** Commands of its `RUN` lines. */
  readonly runs: readonly string[];
  /** Files of the build context that the image holds: sources and destination, in order. */
  readonly copies: readonly { readonly sources: readonly string[]; readonly destination: string; readonly workdir: string }[];
}

/** Read the last stage of a Dockerfile. Copies from other stages are not emulated: nothing is built here. */
export function parseDockerfile(content: string, file: string): ImageSpec {
  const dockerfile = DockerfileParser.parse(content);
  const lastFrom = dockerfile.getFROMs().at(-1)?.getRange()?.start.line ?? 0;
  const inLastStage = dockerfile.getInstructions().filter((instruction) => (instruction.getRange()?.start.line ?? 0) >= lastFrom);
  const spec = {
    workdir: '/',
    entrypoint: [] as string[],
    command: [] as string[],
    environment: {} as Record<string, string>,
    exposed: [] as number[],
    user: undefined as string | undefined,
    stopSignal: undefined as NodeJS.Signals | undefined,
    runs: [] as string[],
    copies: [] as { sources: string[]; destination: string; workdir: string }[],
  };
  for (const instruction of inLastStage) {
    const args = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword().toUpperCase()) {
      case 'WORKDIR':
        spec.workdir = absolute(spec.workdir, args[0]);
        break;
      case 'ENV':
        for (const property of (instruction as Env).getProperties()) {
          spec.environment[property.getName()] = property.getValue() ?? '';
        }
        break;
      case 'EXPOSE':
        spec.exposed.push(...args.map((port) => Number.parseInt(port, 10)));
        break;
      case 'USER':
        spec.user = args[0];
        break;
      case 'STOPSIGNAL':
        spec.stopSignal = args[0] as NodeJS.Signals;
        break;
      case 'RUN':
        spec.runs.push(instruction.getRawArgumentsContent() ?? '');
        break;
      case 'ENTRYPOINT':
        spec.entrypoint = commandOf(instruction as JSONInstruction);
        break;
      case 'CMD':
        spec.command = commandOf(instruction as JSONInstruction);
        break;
      case 'COPY':
      case 'ADD':
        if (isDownload(args)) break;
        spec.copies.push({ ...copyOf(instruction as Copy, file), workdir: spec.workdir });
        break;
    }
  }
  return spec;
}

export function absolute(workdir: string, path: string): string {
  return path.startsWith('/') ? path : `${workdir.replace(/\/$/, '')}/${path}`;
}

/** The exec form is JSON; anything else is a line for the shell. */
function commandOf(instruction: JSONInstruction): string[] {
  const line = instruction.getRawArgumentsContent() ?? '';
  try {
    const words: unknown = JSON.parse(line);
    if (Array.isArray(words)) return words.map(String);
  } catch {
    // The shell form.
  }
  return line ? ['/bin/sh', '-c', line] : [];
}

/** Nothing is fetched here, as no `RUN` is run. */
function isDownload(args: readonly string[]): boolean {
  return args.some((word) => /^https?:\/\//.test(word));
}

function copyOf(instruction: Copy, file: string): { sources: string[]; destination: string } {
  if (instruction.getFlags().some((flag) => flag.getName() === 'from')) {
    throw new Error(
      `${file}: the last stage copies from another stage, and the local run builds no images; copy from the build context`,
    );
  }
  const json = instruction.getJSONStrings().map((argument) => argument.getJSONValue());
  const paths = json.length > 0 ? json : instruction.getArguments().map((argument) => argument.getValue());
  return { sources: paths.slice(0, -1), destination: paths.at(-1) ?? '.' };
}
