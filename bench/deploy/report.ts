import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table } from '../statistics';
import { Step, Template, criticalPath, imageUpdate, total } from './critical-path';
import { DURATIONS, Duration, OTHER, TASK_START, secondsOf } from './durations';

const EXAMPLES = ['geolocation', 'voting', 'care', 'flask-nginx', 'platform'];

/** The critical path of each example, on paper: no template was deployed for it. */
export function deployReport(root: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const sections = EXAMPLES.flatMap((name) =>
      templatesOf(root, folder, name).map(([stack, template]) => section(name, stack, template)),
    );
    return ['## Deployment, on paper', ...sections, sources()].join('\n\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function section(example: string, stack: string, template: Template): string {
  const path = criticalPath(template);
  const [least, most] = (['least', 'most'] as const).map((pace) => total(criticalPath(template, pace)));
  const rows = path
    .filter(({ seconds }) => seconds >= 10)
    .map(({ id, type, seconds }) => [id, type.replace('AWS::', ''), `${seconds}`]);
  const services = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::ECS::Service');
  const updates = services.map(([id]) => {
    const parts = imageUpdate(template, id);
    return [id, ...['health checks', 'bake time', 'drain'].map((name) => `${secondsOfPart(parts, name)}`), `${total(parts)}`];
  });
  return [
    `### ${example}: ${stack}, first deployment ${total(path)} s (${least} to ${most}; ${path.length} resources one after the other, those of 10 s and more)`,
    table(['resource', 'type', 'seconds'], rows),
    ...(updates.length > 0 ? [table(['new image of', 'health checks', 'bake time', 'drain', 'seconds'], updates)] : []),
  ].join('\n\n');
}

const secondsOfPart = (parts: Step[], name: string) => parts.find(({ id }) => id === name)?.seconds ?? 0;

function sources(): string {
  const rows = Object.entries({ ...DURATIONS, 'start of a task': TASK_START, 'anything else': OTHER });
  return `### Where the times are from\n\n${table(
    ['resource', 'seconds', 'least-most', 'logs', 'source'],
    rows.map(([type, duration]) => [
      type,
      `${secondsOf(duration)}`,
      range(duration),
      `${duration.observed.length}`,
      duration.source,
    ]),
  )}`;
}

function range(duration: Duration): string {
  return duration.observed.length > 1 ? `${secondsOf(duration, 'least')}-${secondsOf(duration, 'most')}` : '';
}

/** As the CDK CLI makes them, without its validation, which is not about time. */
function templatesOf(root: string, folder: string, example: string): [string, Template][] {
  const output = join(folder, example);
  const { context } = JSON.parse(readFileSync(join(root, 'examples', example, 'cdk.json'), 'utf8'));
  const tsNode = join(root, 'node_modules', 'ts-node', 'dist', 'bin.js');
  const run = spawnSync(process.execPath, [tsNode, '--transpile-only', 'app.ts'], {
    cwd: join(root, 'examples', example),
    env: { ...process.env, CDK_OUTDIR: output, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (run.status !== 0) throw new Error(`examples/${example} does not synthesise:\n${run.stderr}`);
  return readdirSync(output)
    .filter((name) => name.endsWith('.template.json'))
    .map((name): [string, Template] => [name.replace('.template.json', ''), JSON.parse(readFileSync(join(output, name), 'utf8'))])
    .filter(([, template]) => Object.keys(template.Resources ?? {}).length > 0);
}
