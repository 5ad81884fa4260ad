import { DockerfileParser, Instruction, JSONInstruction } from 'dockerfile-ast';

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

function isJson(instruction: Instruction): boolean {
  return instruction instanceof JSONInstruction && instruction.getOpeningBracket() !== null;
}

function words(): string {
  return VARIABLES.map((variable) => JSON.stringify(variable)).join(', ');
}
