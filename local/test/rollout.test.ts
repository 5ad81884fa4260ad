import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { anotherVersion, ContainerChange, neverHealthy } from '../check/another-version';
import { underLoad } from '../check/steady-load';
import { Visitor } from '../check/visitor';
import { changesBetween } from '../deploy/changes';
import { Stage } from '../deploy/traffic-shift';
import { ServiceScheduler } from '../ecs/scheduler';
import { Addresses } from '../net/addresses';
import { LocalRun } from '../run/local-run';
import { readVersion, resolverOf } from '../run/version';
import { synthesiseBlueGreenFixture } from './fixture/blue-green-app';

jest.setTimeout(180_000);

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'rollout-'));
const assembly = synthesiseBlueGreenFixture(path.join(scratch, 'one'));
const options = {
  ...{ assembly, root: scratch, localDirectory: path.join(__dirname, '..'), overrides: {}, secrets: {} },
  timeScale: 20,
  say: () => undefined,
};
const greetingOf = (text: string): ContainerChange => ({
  container: 'api',
  change: { Environment: [{ Name: 'GREETING', Value: text }] },
});
const version = (name: string, change = greetingOf(name)) => anotherVersion(assembly, path.join(scratch, name), [change]);

let run: LocalRun;
let visitor: Visitor;
beforeAll(async () => {
  run = new LocalRun(options, await Addresses.claim());
  await run.start();
  visitor = new Visitor(run);
});
afterAll(async () => {
  await run?.stop();
  fs.rmSync(scratch, { recursive: true, force: true });
});

const greeting = async (headers: Record<string, string> = {}) => {
  const { status, body } = await visitor.front('/v1/x', headers);
  if (status !== 200) throw new Error(`status ${status}`);
  return (JSON.parse(body) as { greeting: string }).greeting;
};
type Resources = Record<string, { Type: string; Properties: Record<string, unknown> }>;
/** A version whose template is another one. */
function edited(directory: string, edit: (resources: Resources) => void): string {
  const file = path.join(directory, 'Shop.template.json');
  const template = JSON.parse(fs.readFileSync(file, 'utf8')) as { Resources: Resources };
  edit(template.Resources);
  fs.writeFileSync(file, JSON.stringify(template));
  return directory;
}
const failuresDuring = async (during: () => Promise<unknown>) => {
  const { failures } = await underLoad(
    20,
    async () => void (await greeting()),
    async () => void (await during()),
  );
  return failures;
};
const tasks = () => run.services[0].tasks;

describe('a blue/green deployment', () => {
  test('tries the new version by its header, moves all users at once, bakes, and ends the old one, with no failed request', async () => {
    const seen: [Stage, string, string, number][] = [];
    run.deployer.hook = async (stage: Stage, service: ServiceScheduler) => {
      seen.push([stage, await greeting(), await greeting({ 'x-version': 'next' }), service.tasks.length]);
    };
    expect(await failuresDuring(() => run.deploy(version('two')))).toEqual([]);
    expect(seen).toEqual([
      ['PRE_SCALE_UP', 'one', 'one', 2],
      ['SCALE_UP', 'one', 'one', 2],
      ['POST_SCALE_UP', 'one', 'one', 4],
      ['TEST_TRAFFIC_SHIFT', 'one', 'one', 4],
      ['POST_TEST_TRAFFIC_SHIFT', 'one', 'two', 4],
      ['PRODUCTION_TRAFFIC_SHIFT', 'one', 'two', 4],
      ['POST_PRODUCTION_TRAFFIC_SHIFT', 'two', 'two', 4],
      ['BAKE_TIME', 'two', 'two', 4],
      ['CLEAN_UP', 'two', 'two', 4],
    ]);
    expect(tasks()).toHaveLength(2);
  });

  test('goes back if a hook fails in the bake time, with no failed request', async () => {
    const before = tasks();
    run.deployer.hook = (stage: Stage) => {
      if (stage === 'BAKE_TIME') throw new Error('too many errors');
    };
    let outcome = '';
    const failures = await failuresDuring(() => run.deploy(version('three')).catch((error: Error) => (outcome = error.message)));
    expect(outcome).toMatch(/^UPDATE_ROLLBACK_COMPLETE: .*the hook at BAKE_TIME failed: too many errors$/);
    expect([failures, await greeting(), tasks()]).toEqual([[], 'two', before]);
  });

  test('that never gets healthy is rolled back by the circuit breaker before it has users', async () => {
    run.deployer.hook = undefined;
    const before = tasks();
    let outcome = '';
    const bad = version('bad', neverHealthy('api'));
    const failures = await failuresDuring(() => run.deploy(bad).catch((error: Error) => (outcome = error.message)));
    expect(outcome).toContain('ECS Deployment Circuit Breaker was triggered (3 failed tasks, the threshold is 3)');
    expect([failures, await greeting(), tasks()]).toEqual([[], 'two', before]);
  });

  test('uses the first group again for the next version', async () => {
    expect(await failuresDuring(() => run.deploy(version('four')))).toEqual([]);
    expect(await greeting()).toBe('four');
    const [target] = run.services[0].plan.targets;
    expect(target.targetGroupArn).toContain('Blue');
  });
});

describe('a deployment in steps', () => {
  const stepwise = (strategy: string, configuration: object) =>
    edited(version(strategy), (resources) => {
      const { Properties } = Object.values(resources).find(({ Type }) => Type === 'AWS::ECS::Service')!;
      Object.assign(Properties.DeploymentConfiguration as object, { Strategy: strategy, ...configuration });
    });

  test.each([
    ['CANARY', { CanaryConfiguration: { CanaryPercent: 25, CanaryBakeTimeInMinutes: 1 } }, [0, 25, 100]],
    ['LINEAR', { LinearConfiguration: { StepPercent: 40, StepBakeTimeInMinutes: 1 } }, [0, 40, 80, 100]],
  ])('%s gives the new version its share of the requests, and none fails', async (strategy, configuration, shares) => {
    const seen = shares.map(() => ({ asked: 0, answered: 0 }));
    let step = 0;
    run.deployer.hook = (stage: Stage) => void (stage === 'PRODUCTION_TRAFFIC_SHIFT' && step++);
    const once = async () => {
      const at = step;
      const answer = await greeting();
      // A request that was under way while traffic moved belongs to no step.
      if (at !== step) return;
      seen[step].asked++;
      if (answer === strategy) seen[step].answered++;
    };
    const { failures } = await underLoad(20, once, async () => void (await run.deploy(stepwise(strategy, configuration))));
    expect(failures).toEqual([]);
    // Two requests more or less are those between which traffic moved.
    const off = seen.map(({ asked, answered }, i) => Math.abs(answered - (asked * shares[i]) / 100));
    expect(Math.max(...off)).toBeLessThanOrEqual(2);
    expect(Math.min(...seen.map(({ asked }) => asked))).toBeGreaterThan(8);
  });
});

describe('what a deployment cannot change here', () => {
  const read = (directory: string) => readVersion(resolverOf(directory, options, { addressOf: () => '127.0.0.1' }), 'process');
  const changed = (name: string, edit: (resources: Resources) => void) => read(edited(version(name, greetingOf('one')), edit));

  test('is an error that names it', () => {
    const next = changed('database', (resources) => {
      resources.Database = { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres' } };
    });
    expect(() => changesBetween(read(assembly), next)).toThrow(
      /not: Shop\/Database \(AWS::RDS::DBInstance\) is added; start the second/,
    );
  });

  test('a service that comes or goes is named too', () => {
    const next = changed('gone', (resources) => {
      for (const [id, { Type }] of Object.entries(resources)) if (Type === 'AWS::ECS::Service') delete resources[id];
    });
    expect(() => changesBetween(read(assembly), next)).toThrow(
      /services and jobs that are in both assemblies, and not Shop\/Service/,
    );
  });

  test('nothing is deployed where only what is not emulated changes', () => {
    const next = changed('roles', (resources) => {
      for (const { Type, Properties } of Object.values(resources)) {
        if (Type === 'AWS::IAM::Role') Properties.Description = 'another';
      }
    });
    expect(changesBetween(read(assembly), next)).toEqual({ services: [], jobs: [] });
  });
});
