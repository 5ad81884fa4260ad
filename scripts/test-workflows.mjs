/**
 * Lints the workflows with actionlint: those in examples/flask-nginx, our own generated ones, and one that is wrong on purpose, which must
 * be found.
 *
 *   node scripts/test-workflows.mjs
 *
 * actionlint comes as a Go module, once, into .cache. Result: one line per workflow and test-reports/workflows.json.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installIfNeeded, root, say } from './install.mjs';
import { bounded, inTemporaryFolder, need, report } from './workbench.mjs';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';

/** An unknown context, an unknown event, and a job that needs another one that is not there. */
const WRONG = `name: wrong
on: { pushed: {} }
jobs:
  one:
    needs: two
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ secret.TOKEN }}"
`;

/** A call of the example's workflow with an input that it does not have. */
const CALLS = `on: push
jobs:
  one:
    uses: ./.github/workflows/deploy-environment.yml
    with: { environment: one, surroundings: two }
`;

const OWN = join('.github', 'workflows');
const EXAMPLE = join('examples', 'flask-nginx', 'github-actions');

await installIfNeeded();
await inTemporaryFolder('test-workflows', async (folder) => {
  const result = { passed: 0, failed: 0 };
  const check = async (title, prove) => {
    try {
      await prove();
      result.passed++;
      say(`PASS  ${title}`);
    } catch (error) {
      result.failed++;
      say(`FAIL  ${title}: ${error.message}`);
    }
  };
  const command = await actionlint();
  const lint = (file, cwd = root) =>
    bounded(command, ['-no-color', '-shellcheck=', '-pyflakes=', file], { cwd, seconds: 60, allowFailure: true });
  const accept = (file, cwd, path) =>
    check(`actionlint accepts ${file}`, async () => {
      const { status, output } = await lint(path, cwd);
      if (status !== 0) throw new Error(output);
    });
  for (const file of yamlIn(OWN)) await accept(join(OWN, file), root, join(OWN, file));
  // Where a user has them, so that the one that calls the other finds it, and its inputs are checked.
  const repository = join(folder, 'repository');
  mkdirSync(join(repository, '.git'), { recursive: true });
  cpSync(join(root, EXAMPLE), join(repository, OWN), { recursive: true });
  for (const file of yamlIn(EXAMPLE)) await accept(join(EXAMPLE, file), repository, join(OWN, file));
  await check('actionlint finds an input that the called workflow does not have', async () => {
    writeFileSync(join(repository, OWN, 'calls.yml'), CALLS);
    const { output } = await lint(join(OWN, 'calls.yml'), repository);
    if (!output.includes('"surroundings"')) throw new Error(`not found: surroundings\n${output}`);
  });
  await check('actionlint finds what is wrong on purpose', async () => {
    const wrong = join(folder, 'wrong.yml');
    writeFileSync(wrong, WRONG);
    const { status, output } = await lint(wrong);
    const missed = ['pushed', 'two', 'secret'].filter((word) => !output.includes(`"${word}"`));
    if (status === 0 || missed.length > 0) throw new Error(`not found: ${missed.join(', ')}\n${output}`);
  });
  report('workflows', result);
});

function yamlIn(folder) {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith('.yml'));
}

async function actionlint() {
  const home = join(root, '.cache', ACTIONLINT.split('/').at(-1));
  const command = join(home, 'actionlint');
  if (existsSync(command)) return command;
  await need('go', ['golang-go', 'ca-certificates']);
  await bounded('go', ['install', ACTIONLINT], { cwd: root, seconds: 300, env: { GOBIN: home, GOFLAGS: '' } });
  return command;
}
