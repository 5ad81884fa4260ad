/** Holds every documented call, translated to Python, and examples/python against the type checkers of Python, in their strict modes. */
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, say } from './install.mjs';
import { writePythonSamples } from './python-samples.mjs';
import { bounded } from './workbench.mjs';

const SECONDS = { install: 400, check: 900 };

/** Classes of the AWS CDK whose methods name a parameter otherwise than their interface, so that Pyright rejects them in any call. */
const OF_THE_CDK = ['EmailSubscription', 'SnsAction'];

/** Shows that a checker sees the types at all. */
const WRONG = { 'wrong.py': 'from cdk_ecs_mesh import MeshService\n\nprint(MeshService.port(1))\n' };

/** @param python interpreter of an environment in which the package is installed */
export async function provePythonTypes({ folder, check, library }, python) {
  const typed = join(folder, 'typed');
  const samples = await check('python: the documented samples translate', () => {
    const { written, left } = writePythonSamples(library, typed);
    for (const line of left) say(`      not translated: ${line}`);
    cpSync(join(root, 'examples', 'python', 'app.py'), join(typed, 'app.py'));
    for (const [name, text] of Object.entries(WRONG)) writeFileSync(join(typed, name), text);
    return written;
  });
  if (!samples) return;
  const requirements = join(root, 'scripts', 'python-types.txt');
  const installed = await check('python: the type checkers install from the registry', () =>
    bounded(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      cwd: typed,
      seconds: SECONDS.install,
    }),
  );
  if (!installed) return;
  await check(`python: Pyright accepts ${samples} samples and examples/python in strict mode`, () => pyright(typed, python));
  await check(`python: mypy accepts ${samples} samples and examples/python in strict mode`, () => mypy(typed, python));
}

async function pyright(typed, python) {
  const settings = { include: ['.'], exclude: ['node_modules'], typeCheckingMode: 'strict' };
  writeFileSync(join(typed, 'pyrightconfig.json'), JSON.stringify(settings));
  const { output } = await bounded(python, ['-m', 'pyright', '--outputjson', '--pythonpath', python], {
    cwd: typed,
    seconds: SECONDS.check,
    allowFailure: true,
  });
  const { generalDiagnostics, summary } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  if (summary.filesAnalyzed < readdirSync(typed).filter((name) => name.endsWith('.py')).length)
    throw new Error(`only ${summary.filesAnalyzed} files were read`);
  const isOfTheCdk = ({ message }, name) => message.includes(`"${name}" is incompatible with protocol`);
  for (const name of OF_THE_CDK)
    if (!generalDiagnostics.some((each) => isOfTheCdk(each, name)))
      throw new Error(`Pyright accepts ${name} of the AWS CDK now: remove it from OF_THE_CDK`);
  const ours = generalDiagnostics.filter((each) => !OF_THE_CDK.some((name) => isOfTheCdk(each, name)));
  judge(ours.map(({ file, range, message }) => `${file.slice(typed.length + 1)}:${range.start.line + 1}: ${message}`));
}

async function mypy(typed, python) {
  const { output } = await bounded(python, ['-m', 'mypy', '--strict', '--no-error-summary', '.'], {
    cwd: typed,
    seconds: SECONDS.check,
    allowFailure: true,
  });
  judge(output.split('\n').filter((line) => /: error:|^mypy: /.test(line)));
}

/** Throws if there are errors but those that must be there. */
function judge(errors) {
  const isPlanted = (line) => Object.keys(WRONG).some((name) => line.startsWith(`${name}:`));
  for (const name of Object.keys(WRONG))
    if (!errors.some((line) => line.startsWith(`${name}:`))) throw new Error(`${name} has a wrong call, which nothing reports`);
  const found = errors.filter((line) => !isPlanted(line));
  if (found.length > 0) throw new Error(`\n${found.join('\n')}`);
}
