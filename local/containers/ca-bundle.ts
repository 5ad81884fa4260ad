import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerfileParser, Instruction, JSONInstruction } from 'dockerfile-ast';
import { makeScratch } from '../process/scratch';

/** The image that holds the certificates while others are built. */
export const CA_IMAGE = 'localhost/cdk-ecs-mesh-ca:latest';
const PLACE = '/run/cdk-ecs-mesh-ca';
/** Where the package managers of Node.js and Python, and what is built on OpenSSL, look for certificates. */
const VARIABLES = ['NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'].map(
  (name) => `${name}=${PLACE}/ca.crt`,
);
const MOUNT = `--mount=type=bind,from=${CA_IMAGE},source=/,target=${PLACE}`;

/**
 * A Dockerfile whose commands trust more certificates while they run, and that leaves nothing of them in the image: each RUN sees them in a
 * mount, and in its own environment.
 */
export function trusting(dockerfile: string): string {
  const lines = dockerfile.split('\n');
  const runs = DockerfileParser.parse(dockerfile)
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === 'RUN');
  for (const run of runs.reverse()) {
    const { line, character } = run.getInstructionRange().end;
    const rest = lines[line].slice(character);
    lines[line] =
      `${lines[line].slice(0, character)} ${MOUNT}${isJson(run) ? rest.replace('[', `["env", ${words()}, `) : ` export ${VARIABLES.join(' ')};${rest}`}`;
  }
  return lines.join('\n');
}

/** Contexts of their own, with another Dockerfile; the caller's files stay as they are. */
export class TrustingContexts {
  private readonly folders: string[] = [];

  constructor(private readonly bundle: string) {}

  /** The context of the image that holds the certificates. */
  public certificates(): string {
    const folder = this.folder();
    fs.copyFileSync(this.bundle, path.join(folder, 'ca.crt'));
    fs.writeFileSync(path.join(folder, 'Dockerfile'), 'FROM scratch\nCOPY ca.crt /\n');
    return folder;
  }

  public copy(context: string, dockerfile: string): string {
    const folder = this.folder();
    fs.cpSync(context, folder, { recursive: true });
    fs.writeFileSync(path.join(folder, dockerfile), trusting(fs.readFileSync(path.join(context, dockerfile), 'utf8')));
    return folder;
  }

  public remove(): void {
    for (const folder of this.folders) fs.rmSync(folder, { recursive: true, force: true });
  }

  private folder(): string {
    const folder = makeScratch('build');
    this.folders.push(folder);
    return folder;
  }
}

function isJson(instruction: Instruction): boolean {
  return instruction instanceof JSONInstruction && instruction.getOpeningBracket() !== null;
}

function words(): string {
  return VARIABLES.map((variable) => JSON.stringify(variable)).join(', ');
}
