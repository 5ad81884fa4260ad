import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { EcsMeshChecks } from 'cdk-ecs-mesh';
import { found } from './found';
import { ref, UNKNOWN } from './judge';
import { ec2Bridge } from './plain/ec2-bridge';
import { loadBalancedFargate } from './plain/load-balanced-fargate';
import { repaired } from './plain/repaired';
import { serviceConnect } from './plain/service-connect';
import { Rule } from '../../src/checks/private/rule';

const ROOT = join(__dirname, '..', '..');
const FOLDER = join(ROOT, 'src', 'checks', 'private', 'rules');
const DOCS = readFileSync(join(ROOT, 'docs', 'checks.md'), 'utf8');

const rules = readdirSync(FOLDER).flatMap((file) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return Object.entries(require(join(FOLDER, file)) as Record<string, Rule>).map(([name, rule]) => ({ file, name, ...rule }));
});

/** One service that has no circuit breaker, and no other finding. */
function careless() {
  const app = new App();
  return { app, service: new CfnResource(new Stack(app, 'Shop'), 'Api', { type: 'AWS::ECS::Service' }) };
}

describe('the list of rules', () => {
  test('the pack has every rule once', () => {
    expect([...new EcsMeshChecks().ruleIds!].sort()).toEqual(rules.map(({ id }) => `EcsMesh-${id}`).sort());
  });

  test.each(rules)('$id: file, name and texts agree', ({ file, name, id, info, explanation }) => {
    const kebab = id.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
    expect([file, name]).toEqual([`${kebab}.ts`, id[0].toLowerCase() + id.slice(1)]);
    for (const text of [info, explanation]) expect(text).toMatch(/^[A-Z].*\.$/);
  });

  test('docs/checks.md has every rule with trap and level, and what it sees, how to fix it, and its limits', () => {
    const headings = [
      ...DOCS.matchAll(/^#### (T\d+) · `(EcsMesh-\w+)` · (\w+)\n\n- \*\*Sees:\*\* .+\n(?: .+\n)*- \*\*Fix:\*\* /gm),
    ];
    expect(headings.map(([, trap, id, level]) => `${trap} ${id} ${level}`).sort()).toEqual(
      rules.map(({ trap, id, level }) => `${trap} EcsMesh-${id} ${level.toLowerCase()}`).sort(),
    );
  });

  test('every rule has a test', () => {
    const tests = readdirSync(__dirname).map((file) =>
      file.endsWith('.test.ts') ? readFileSync(join(__dirname, file), 'utf8') : '',
    );
    expect(rules.filter(({ name }) => !tests.join('\n').includes(`judge(${name}, `))).toEqual([]);
  });
});

describe('apps in plain L2', () => {
  /** Rows `| finding | path |` below a heading of docs/checks.md. */
  const listed = (heading: string) => {
    const [, section] = DOCS.split(`\n### ${heading}\n`);
    const rows = [...section.split('\n##')[0].matchAll(/^\| `(EcsMesh-\w+)` +\| (.+) \|$/gm)];
    return rows.flatMap(([, id, paths]) => [...paths.matchAll(/`([^`]+)`/g)].map(([, path]) => `${id} ${path}`)).sort();
  };

  test.each([
    ['An app with aws-ecs-patterns', loadBalancedFargate],
    ['An app with Service Connect', serviceConnect],
    ['An app on EC2 in bridge mode', ec2Bridge],
  ])('%s: findings are those of docs/checks.md', (heading, create) => {
    expect(found(create())).toEqual(listed(heading));
  });

  test('after the advice was followed there are no findings', () => expect(found(repaired())).toEqual([]));
});

describe('the pack', () => {
  test('fails synthesis as a plugin, with id, text and path', () => {
    const { app } = careless();
    Validations.of(app).addPlugins(new EcsMeshChecks());
    expect(() => app.synth()).toThrow(
      /WARNING The service has no deployment circuit breaker .*\n.*Shop\/Api.*\n.*'EcsMesh::EcsMesh-NoRollback'/,
    );
  });

  test('says what was found, and with `verbose` also why it matters', () => {
    const { app } = careless();
    const [brief] = new EcsMeshChecks().validateScope(app).violations;
    const [verbose] = new EcsMeshChecks(app, { verbose: true }).validateScope(app).violations;
    expect(brief).toMatchObject({
      ruleName: 'EcsMesh-NoRollback',
      severity: 'warning',
      description: expect.stringMatching(/rollback\.$/),
    });
    expect(verbose.description).toBe(`${brief.description} ${rules.find(({ id }) => id === 'NoRollback')!.explanation}`);
  });

  test('leaves out what was acknowledged, there or above', () => {
    const { app, service } = careless();
    expect(found(app)).toEqual(['EcsMesh-NoRollback Shop/Api']);
    Validations.of(service).acknowledge({ id: 'EcsMesh-NoRollback', reason: 'An experiment.' });
    expect(found(app)).toEqual([]);
  });

  test('sees overrides, and changes since the last time', () => {
    const { app, service } = careless();
    expect(found(app)).toHaveLength(1);
    service.addPropertyOverride('DeploymentConfiguration.DeploymentCircuitBreaker', { Enable: true, Rollback: true });
    expect(found(app)).toEqual([]);
  });

  test('checks a part of an app, and looks at the rest of it', () => {
    const app = serviceConnect();
    app.synth();
    const part = new EcsMeshChecks().validateScope(app.node.findChild('Connect').node.findChild('backend'));
    expect(part.violations.map(({ ruleName }) => ruleName)).toContain('EcsMesh-ServiceConnectClientNotAdmitted');
  });
});

describe('what only a deployment can tell', () => {
  const TYPES = [
    ...new Set(readdirSync(FOLDER).flatMap((file) => [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/AWS::\w+::\w+/g)])),
  ];
  const KEYS = [
    ...new Set(readdirSync(FOLDER).flatMap((file) => [...readFileSync(join(FOLDER, file), 'utf8').matchAll(/at\('(\w+)'/g)])),
  ];

  test.each([[UNKNOWN], ['text'], [7], [[]], [[UNKNOWN]], [{}], [['text']], [null], [ref('Nobody')]])(
    '%j: no rule fails',
    (value) => {
      const stack = new Stack(new App(), 'Shop');
      const properties = Object.fromEntries(KEYS.map(([, key]) => [key, value]));
      for (const type of ['AWS::ECS::Service', ...TYPES.map(([name]) => name)]) {
        new CfnResource(stack, `R${stack.node.children.length}`, { type, properties });
      }
      const { violations } = new EcsMeshChecks(stack, { verbose: true }).validateScope(stack);
      expect(violations.filter(({ description }) => description.includes('threw'))).toEqual([]);
    },
  );
});
