/**
 * Lints the workflows with actionlint: the one in examples/flask-nginx, our own generated ones, and one that is wrong on purpose, which must
 * be found.
 *
 *   node scripts/test-workflows.mjs
 *
 * actionlint comes as a Go module, once, into .cache. Result: one line per workflow and test-reports/workflows.json.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
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

installIfNeeded();
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
  const lint = (file) =>
    bounded(command, ['-no-color', '-shellcheck=', '-pyflakes=', file], { cwd: root, seconds: 60, allowFailure: true });
  for (const file of workflows()) {
    await check(`actionlint accepts ${file}`, async () => {
      const { status, output } = await lint(file);
      if (status !== 0) throw new Error(output);
    });
  }
  await check('actionlint finds what is wrong on purpose', async () => {
    const wrong = join(folder, 'wrong.yml');
    writeFileSync(wrong, WRONG);
    const { status, output } = await lint(wrong);
    const missed = ['pushed', 'two', 'secret'].filter((word) => !output.includes(`"${word}"`));
    if (status === 0 || missed.length > 0) throw new Error(`not found: ${missed.join(', ')}\n${output}`);
  });
  report('workflows', result);
});

function workflows() {
  const own = join('.github', 'workflows');
  const generated = readdirSync(join(root, own)).filter((name) => name.endsWith('.yml'));
  return ['examples/flask-nginx/github-actions/deploy.yml', ...generated.map((name) => join(own, name))];
}

async function actionlint() {
  const home = join(root, '.cache', ACTIONLINT.split('/').at(-1));
  const command = join(home, 'actionlint');
  if (existsSync(command)) return command;
  await need('go', ['golang-go', 'ca-certificates']);
  await bounded('go', ['install', ACTIONLINT], { cwd: root, seconds: 300, env: { GOBIN: home, GOFLAGS: '' } });
  return command;
}
