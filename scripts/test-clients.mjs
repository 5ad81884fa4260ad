/**
 * The lane `clients`: Sidekiq, Laravel and JDBC connect with the recipes of docs/clients.md; those of Python and Node.js are tests of jest.
 * What a distribution does not have is not run, and said to be.
 */
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root, say } from './install.mjs';
import { bounded, inTemporaryFolder, need, NotHere, report } from './workbench.mjs';

const JDBC = 'org.postgresql:postgresql:42.7.14';
const SECONDS = { install: 300, tests: 900 };
const PHP =
  'require "Illuminate/Redis/autoload.php"; require "Illuminate/Queue/autoload.php"; exit((int) !(extension_loaded("redis") && env("PATH")));';

const CLIENTS = {
  Sidekiq: () => need('ruby', ['ruby', 'ruby-sidekiq'], ['-e', 'require "sidekiq"']),
  Laravel: () =>
    need('php', ['php-cli', 'php-redis', 'php-illuminate-redis', 'php-illuminate-queue', 'php-vlucas-phpdotenv'], ['-r', PHP]),
  JDBC: async () => {
    await need('mvn', ['default-jdk-headless', 'maven']);
    await driver();
    await bounded('javac', ['-d', CLASSES, join(root, 'test', 'conformance', 'clients', 'Jdbc.java')], {
      cwd: root,
      seconds: SECONDS.install,
    });
  },
};
const HOME = join(root, '.cache', 'clients');
const JAR = join(HOME, `postgresql-${JDBC.split(':').at(-1)}.jar`);
const CLASSES = join(HOME, 'classes');

await inTemporaryFolder('clients', async (folder) => {
  const here = [];
  const notRun = [];
  for (const [name, bring] of Object.entries(CLIENTS)) {
    try {
      await bring();
      here.push(name);
    } catch (error) {
      if (!isMissing(error)) throw error;
      notRun.push(name);
      say(`not run: ${name}: ${error.message.split('\n').at(-1)}`);
    }
  }
  if (here.length === 0) throw new NotHere(`none of ${notRun.join(', ')} can be had here`);
  const file = join(folder, 'clients.json');
  const words = ['jest', '--ci', '--coverage=false', '--runInBand', '--testMatch', '**/test/conformance/clients.rows.ts', '--json'];
  const { status } = await bounded('npx', [...words, `--outputFile=${file}`], {
    ...{ cwd: root, seconds: SECONDS.tests, allowFailure: true, show: 'clients' },
    env: { CLIENTS: here.join(), JDBC_CLASSPATH: [JAR, CLASSES].join(delimiter), CDK_VALIDATION: 'false' },
  });
  if (!existsSync(file)) throw new Error(`jest ended with ${status} and left no report`);
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(file, 'utf8'));
  report('clients', { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, notRun });
});

/** No package of that name is in the distribution, or nothing can be installed here. */
function isMissing(error) {
  return error instanceof NotHere || /Unable to locate package|has no installation candidate/.test(error.message);
}

/** The driver from Maven Central. */
async function driver() {
  if (existsSync(JAR)) return;
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';
  const words = ['-q', '-B', goal, `-Dartifact=${JDBC}`, `-DoutputDirectory=${HOME}`];
  await bounded('mvn', words, { cwd: root, seconds: SECONDS.install });
}
