/** Holds an image to the contract of local/test/stand-ins/contracts.json, be it a stand-in or the official one. */

const [LOOKS, LOOK_MS] = [60, 250];
const STOP_SECONDS = 10;

/** The rows of a contract that an image does not keep, each as a sentence. */
export async function brokenRows(podman, image, { contract }) {
  const config = await configOf(podman, image);
  const broken = [];
  for (const row of contract) {
    const found = row.config ? differences(config, row.config) : await differs(podman, image, row.probe);
    if (found !== undefined) broken.push(`${image}: ${row.cites}${row.says ? `, ${row.says}` : ''}: ${found}`);
  }
  return broken;
}

async function configOf(podman, image) {
  const [{ Config }] = JSON.parse((await podman(['image', 'inspect', image])).output);
  const text = (value) => (value === '/' ? '' : (value ?? ''));
  return {
    User: text(Config.User),
    WorkingDir: text(Config.WorkingDir),
    StopSignal: text(Config.StopSignal),
    Entrypoint: Config.Entrypoint ?? [],
    Cmd: Config.Cmd ?? [],
    Volumes: Object.keys(Config.Volumes ?? {}),
    ExposedPorts: Object.keys(Config.ExposedPorts ?? {}),
  };
}

function differences(config, wanted) {
  const other = Object.keys(wanted).filter((key) => JSON.stringify(config[key]) !== JSON.stringify(wanted[key]));
  return other.length === 0
    ? undefined
    : other.map((key) => `${key} is ${JSON.stringify(config[key])}, not ${JSON.stringify(wanted[key])}`).join('; ');
}

/** A container that ends by itself; with `then`, one that is asked by a line for the shell, and stopped by the image's signal. */
async function differs(podman, image, probe) {
  const { args = [], env = {}, user, drop, then, prints, ends = 0 } = probe;
  const options = [
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(user === undefined ? [] : ['--user', user]),
    ...(drop === undefined ? [] : ['--cap-drop', drop]),
  ];
  if (then === undefined) {
    const { status, output } = await podman(['run', '--rm', ...options, image, ...args], { allowFailure: true });
    return verdict({ status, output }, { prints, ends });
  }
  const id = lastLine(await podman(['run', '--detach', ...options, image, ...args]));
  try {
    const output = await answer(podman, id, then, new RegExp(prints));
    await podman(['stop', '--time', String(STOP_SECONDS), id]);
    const status = Number((await podman(['inspect', '--format', '{{.State.ExitCode}}', id])).output);
    return verdict({ status, output }, { prints, ends });
  } finally {
    await podman(['rm', '--force', '--volumes', '--time', '0', id], { allowFailure: true });
  }
}

/** The id or the name that a command ends with. */
export function lastLine({ output }) {
  return output.trim().split('\n').pop();
}

async function answer(podman, id, line, wanted) {
  let said = '';
  for (let look = 0; look < LOOKS; look++) {
    said = (await podman(['exec', id, 'sh', '-c', line], { allowFailure: true })).output.replace(/\n$/, '');
    if (wanted.test(said)) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return said;
}

function verdict({ status, output }, { prints, ends }) {
  const said = output.replace(/\n$/, '');
  if (!new RegExp(prints).test(said)) return `said ${JSON.stringify(said.slice(-300))}, not ${prints}`;
  return status === ends ? undefined : `ended with ${status}, not ${ends}`;
}
