import { join } from 'node:path';
import { missingDefaults, missingDocs } from './architecture/api-rules';
import { filesThatUsersLack, questioningSummaries } from './architecture/english-rules';
import { machinePaths, registryHosts } from './architecture/hygiene-rules';
import { differencesFromInterfaces } from './architecture/interface-rules';
import { untestedRows, untestedTraps, wrongAcknowledgements, wrongErrorList } from './architecture/list-rules';
import { longProps, tiedProps } from './architecture/props-rules';
import { ONLY_SEEN_RUNNING, ROWS } from './architecture/rows';
import { files, Files, readRepository, typeScriptIn } from './architecture/sources';
import {
  hiddenState,
  foreignPrivates,
  importCycles,
  innerBarrels,
  longFiles,
  sharedPrivates,
  wrongArrows,
  wrongExports,
} from './architecture/structure-rules';
import { BASE_LAYERS, LAYERS } from '../projenrc/layers';

const all = readRepository(join(__dirname, '..'));
const src = typeScriptIn(all, 'src');
const publicSrc = new Map([...src].filter(([path]) => !path.includes('/private/')));
const code = typeScriptIn(all, 'src', 'app', 'local');
const tests = typeScriptIn(all, 'test');

/** The traps of the design that the library handles today; each has a test named after it. */
const TRAPS = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
  36, 37, 38,
];

/** Pairs of props that cannot be one value, each with its reason. */
const TIED: Record<string, string> = {
  'PostgresDatabaseProps.version and allowMajorVersionUpgrade': 'the second is a consent for one deployment, as in the API of RDS',
};

/** A rule holds in the repository, and is shown a bad example so that it cannot pass by being blind. */
function rule(title: string, { here, bad, says }: { here: () => string[]; bad: () => string[]; says: string[] }): void {
  describe(title, () => {
    test('holds', () => expect(here()).toEqual([]));
    test('is broken by a bad example', () => expect(bad()).toEqual(says));
  });
}

const layered = (from: string, text: string): Files =>
  files({ [from]: text, 'src/core/a.ts': '', 'src/mesh/m.ts': '', 'src/service/s.ts': '', 'src/index.ts': '' });

rule('layers only import the layers below them', {
  here: () => wrongArrows(src, LAYERS),
  bad: () => [
    ...wrongArrows(layered('src/mesh/n.ts', "import { A } from '../core/a';\nimport type { S } from '../service/s';"), LAYERS),
    ...wrongArrows(layered('src/core/b.ts', "export type M = import('../mesh/m').M;"), LAYERS),
    ...wrongArrows(files({ 'src/helpers/h.ts': '' }), LAYERS),
  ],
  says: [
    'src/mesh/n.ts:2: mesh must not import service (src/service/s.ts)',
    'src/core/b.ts:1: core must not import mesh (src/mesh/m.ts)',
    'src/helpers/h.ts is in no layer of projenrc/layers.ts',
  ],
});

rule('NU-17: a class has the members and the parameter names of its interfaces', {
  here: () => differencesFromInterfaces(src),
  bad: () =>
    differencesFromInterfaces(
      files({
        'src/core/i.ts':
          'interface IBase { call(client: string): void }\nexport interface IStore extends IBase { readonly reader?: string }',
        'src/redis/r.ts': 'class Base { call(_client: string) {} }\nexport class Store extends Base implements IStore {}',
      }),
    ),
  says: ['src/redis/r.ts:2: Store does not declare `reader`', 'src/redis/r.ts:1: call(_client) must be call(client)'],
});

rule('private/ is shared by base layers only', {
  here: () => sharedPrivates(src, BASE_LAYERS),
  bad: () =>
    sharedPrivates(
      files({
        'src/jobs/j.ts': "import { p } from '../service/private/p';\nimport { t } from '../tasks/private/t';",
        'src/service/private/p.ts': '',
        'src/tasks/private/t.ts': '',
      }),
      BASE_LAYERS,
    ),
  says: ['src/jobs/j.ts:1: src/service/private/p.ts is private to service'],
});

rule('bench, local and the examples read no private/ but the one reader of templates', {
  here: () => foreignPrivates(typeScriptIn(all, 'src', 'app', 'bench', 'examples', 'local')),
  bad: () =>
    foreignPrivates(
      files({
        'local/l.ts': "import { t } from '../src/template/private/t';\nimport { p } from '../src/proof/private/p';",
        'src/template/private/t.ts': '',
        'src/proof/private/p.ts': '',
      }),
    ),
  says: ['local/l.ts:2: src/proof/private/p.ts is private to the library'],
});

rule('no files import each other in a circle, types included', {
  here: () => importCycles(code),
  bad: () =>
    importCycles(
      files({ 'app/a.ts': "import './b';", 'app/b.ts': "import type { C } from './c.js';", 'app/c.ts': "export * from './a';" }),
    ),
  says: ['app/a.ts -> app/b.ts -> app/c.ts -> app/a.ts'],
});

rule('src/index.ts is the only barrel, and nothing in src imports it', {
  here: () => innerBarrels(src),
  bad: () => [
    ...innerBarrels(layered('src/core/all.ts', "export * from './a';")),
    ...innerBarrels(layered('src/core/b.ts', "import { A } from '..';\nimport { B } from '../index';")),
  ],
  says: [
    'src/core/all.ts:1: only src/index.ts re-exports',
    'src/core/b.ts:1: import the file, not the barrel',
    'src/core/b.ts:2: import the file, not the barrel',
  ],
});

rule('src/index.ts exports everything but private/', {
  here: () => wrongExports(src),
  bad: () =>
    wrongExports(files({ 'src/index.ts': "export * from './core/private/p';", 'src/core/private/p.ts': '', 'src/core/a.ts': '' })),
  says: [
    'src/index.ts does not export src/core/a.ts; add it or move the file to private/',
    'src/index.ts exports src/core/private/p.ts, which is private',
  ],
});

rule('every optional prop says what happens without it', {
  here: () => missingDefaults(publicSrc),
  bad: () =>
    missingDefaults(
      files({
        'src/a.ts': `export interface Props {
          /** Good. @default 1 */ readonly good?: number;
          /** Good. @default - none */ readonly fine?: number;
          /** No default. */ readonly bare?: number;
          /** @default undefined */ readonly empty?: number;
          /** @default none */ readonly word?: number;
          readonly required: number;
        }
        export interface IThing { readonly zone?: string }
        interface Inner { readonly hidden?: string }`,
      }),
    ),
  says: [
    'src/a.ts:4: Props.bare has no @default',
    'src/a.ts:5: Props.empty: `@default undefined` does not say what happens',
    'src/a.ts:6: Props.word: `@default none` does not say what happens',
  ],
});

rule('no interface of options has more than 12 props', {
  here: () => longProps(publicSrc, 12),
  bad: () =>
    longProps(
      files({
        'src/a.ts': `export interface Base { readonly a?: 1; readonly b?: 1; readonly both?: 1 }
        export interface Wide extends Base { readonly c?: 1; readonly both?: 1 }
        export interface IThing { readonly a: 1; readonly b: 1; readonly c: 1; readonly d: 1 }`,
      }),
      3,
    ),
  says: ['src/a.ts:2: Wide has 4 props, 3 at most'],
});

rule('no two props of an interface need or exclude each other', {
  here: () => tiedProps(publicSrc).filter((pair) => !(pair in TIED)),
  bad: () =>
    tiedProps(
      files({
        'src/a.ts': `export interface Base { readonly zone?: string }
        export interface Props extends Base {
          /** The record. Requires \`zone\`. */ readonly record?: string;
          /** Ports, like those of \`record\`. */ readonly ports?: number[];
        }`,
      }),
    ),
  says: ['Props.record and zone'],
});

rule('every public declaration and member has a docstring', {
  here: () => missingDocs(publicSrc),
  bad: () =>
    missingDocs(
      files({
        'src/a.ts': `export class A {
          public static make(): A { return new A(); }
          /** Said. */ public said = 1;
          /** @internal */ public _hidden = 1;
          private secret = 1;
          constructor() {}
        }
        /** Said. */ export enum E { ONE = 1 }
        /** Said. */ export class B implements I { public onlyTag = 1; public own = 1; }
        /** Said. */ export interface I {
          /** @default 1 */ readonly onlyTag?: number;
        }`,
      }),
    ),
  says: [
    'src/a.ts:1: A has no docstring',
    'src/a.ts:2: A.make has no docstring',
    'src/a.ts:8: E.ONE has no docstring',
    'src/a.ts:9: B.own has no docstring',
    'src/a.ts:11: I.onlyTag has no docstring',
  ],
});

rule('docstrings say what a thing is or does', {
  here: () => questioningSummaries(src),
  bad: () =>
    questioningSummaries(
      files({
        'src/a.ts': `/** Where services live. */ export interface A {
          /**
           * Whether it is
           * so.
           *
           * @default true
           */
          readonly isSo?: boolean;
          /** The name, and what it means. */ readonly name: string;
          /** @internal */ _hidden(): void;
        }
        /** Choices of a user. */ const B = 1;
        function inner() {
          /** Why so. */
          const c = 1;
        }
        // What a comment says is free.`,
      }),
    ),
  says: [
    'src/a.ts:1: say what it is or does, not "Where ..."',
    'src/a.ts:2: say what it is or does, not "Whether ..."',
    'src/a.ts:12: say what it is or does, not "Choices ..."',
    'src/a.ts:14: say what it is or does, not "Why ..."',
  ],
});

rule('texts for users name no file that the package lacks', {
  here: () => filesThatUsersLack(src, all),
  bad: () =>
    filesThatUsersLack(
      files({
        'src/a.ts': `/** See docs/costs.md and assets/app.js. */ export const a = \`see docs/costs.md, \${b}, in docs/costs.md \${c}.\`;
          fail('https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md'); fail('.../docs/none.md');
          fail('https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/none.md');`,
        'src/private/b.ts': "import { c } from 'docs/costs.md'; /** docs/costs.md is for us. */ fail('examples/a/app.ts has it');",
      }),
      files({
        '.npmignore': '/docs/\n/examples/\n/assets/\n!/assets/',
        'docs/costs.md': '',
        'examples/a/app.ts': '',
        'assets/app.js': '',
      }),
    ),
  says: [
    'src/a.ts:1: the package has no docs/costs.md; name https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md',
    'src/a.ts:1: the package has no docs/costs.md; name https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md',
    'src/a.ts:3: the repository has no docs/none.md',
    'src/private/b.ts:1: the package has no examples/a/app.ts; name https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/examples/a/app.ts',
    'src/a.ts:1: the package has no docs/costs.md; name https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/costs.md',
  ],
});

rule('docs/errors.md lists exactly the ids in src', {
  here: () => wrongErrorList(src, all.get('docs/errors.md') ?? ''),
  bad: () =>
    wrongErrorList(
      files({
        'src/a.ts': `const ID = 'FromConstant';
          throw validationError(this, 'Direct', {});
          warn(this, wide ? 'Wide' : 'Narrow', '');
          requireInteger(this, ID, 'prop', 1, 1, 1);
          validateAtSynth(this, computeId(), () => []);
          function requireName(scope: X, name: string, code = 'Fallback') { if (!name) throw validationError(scope, code, {}); }`,
        'src/b.ts': "import { requireName } from './a'; requireName(this, name, 'ThroughWrapper'); requireName(this, name);",
        'src/c.ts': "requireName('not an id', 'nor this'); function requireName(name: string, prop: string) {}",
      }),
      '## Errors\n### Direct\n- **Cause:** a\n- **Fix:** b\n### Gone\n- **Cause:** a\n- **Fix:** b\n### Wide\n- **Cause:** a\n',
    ),
  says: [
    'src/a.ts:5: the id must be a string literal',
    'src/a.ts:3: docs/errors.md has no "### Narrow"',
    'src/a.ts:4: docs/errors.md has no "### FromConstant"',
    'src/b.ts:1: docs/errors.md has no "### ThroughWrapper"',
    'src/b.ts:1: docs/errors.md has no "### Fallback"',
    'docs/errors.md lists Gone, which is not in src',
    'docs/errors.md: Wide needs a Cause and a Fix',
  ],
});

rule('docs/acknowledgements.md lists exactly the acknowledged findings', {
  here: () => wrongAcknowledgements(src, all.get('docs/acknowledgements.md') ?? ''),
  bad: () =>
    wrongAcknowledgements(
      files({
        'src/a.ts': `acknowledge(this.role, 'IAM5[*]', 'why ' + 'so');
          acknowledge(this.role, \`IAM5[\${arn}/*]\`, 'why');
          acknowledge(this.role, 'EC23', 'new reason');
          acknowledge(this.role, 'S1', reasonOf(this));
          acknowledge(this.role, ['ELB2', '*-ALBWAFEnabled'], 'why');
          return { acknowledgements: [acknowledgement('IAM5[<Bucket>/*]', 'keys')] };`,
      }),
      [
        '| Finding | File | Reason |',
        '|---|---|---|',
        '| `IAM5[*]` | `src/a.ts` | why so |',
        '| `EC23` | `src/a.ts` | old reason |',
        '| `IAM4` | `src/b.ts` | why |',
      ].join('\n'),
    ),
  says: [
    'src/a.ts:4: id and reason must be string literals',
    'docs/acknowledgements.md does not list | `IAM5[${arn}/*]` | `src/a.ts` | why |',
    'docs/acknowledgements.md does not list | `EC23` | `src/a.ts` | new reason |',
    'docs/acknowledgements.md does not list | `ELB2` | `src/a.ts` | why |',
    'docs/acknowledgements.md does not list | `*-ALBWAFEnabled` | `src/a.ts` | why |',
    'docs/acknowledgements.md does not list | `IAM5[<Bucket>/*]` | `src/a.ts` | keys |',
    'docs/acknowledgements.md lists what is not in the code: | `EC23` | `src/a.ts` | old reason |',
    'docs/acknowledgements.md lists what is not in the code: | `IAM4` | `src/b.ts` | why |',
  ],
});

rule('every trap has a test that is named after it', {
  here: () => untestedTraps(tests, TRAPS),
  bad: () =>
    untestedTraps(
      files({
        'test/a.test.ts': "test('T1: clients wait', () => {}); test.each([1])('T2, T3: pair', () => {}); // T4: only a comment",
      }),
      [1, 2, 3, 4],
    ),
  says: ['T4 has no test'],
});

rule('state of constructs is in a ConstructState', {
  here: () => hiddenState(src, 'src/core/private/construct-state.ts'),
  bad: () =>
    hiddenState(
      files({
        'src/a.ts':
          "const MARK = Symbol.for('mark');\nObject.defineProperty(node, MARK, { value: 1 });\nconst owners = new WeakMap<IConstruct, string>();\nconst cache = new WeakMap<JsonObject, string>();",
        'src/b.ts': "const one = new ConstructState('mark', () => 1);\nconst two = new ConstructState('mark', () => 2);",
        'src/state.ts': "Symbol.for('all')",
      }),
      'src/state.ts',
    ),
  says: [
    'src/a.ts:1: Symbol: keep the state of a construct in a ConstructState',
    'src/a.ts:2: defineProperty: keep the state of a construct in a ConstructState',
    'src/a.ts:3: WeakMap: keep the state of a construct in a ConstructState',
    "src/b.ts:2: there is a ConstructState 'mark' already",
  ],
});

rule('no file has more than 400 lines', {
  here: () => longFiles(typeScriptIn(all, 'src', 'app', 'local', 'test', 'examples', 'projenrc'), 400),
  bad: () => longFiles(files({ 'src/a.ts': 'x\n'.repeat(400), 'src/b.ts': 'x\n'.repeat(401) }), 400),
  says: ['src/b.ts has 401 lines, 400 at most'],
});

rule('no file names a package registry', {
  here: () => registryHosts(all),
  bad: () => registryHosts(files({ '.npmrc': `registry=https://${['registry', 'npmjs', 'org'].join('.')}/` })),
  says: [`.npmrc names ${['registry', 'npmjs', 'org'].join('.')}`],
});

rule('no file names a path of one machine', {
  here: () => machinePaths(all),
  bad: () => machinePaths(files({ 'scripts/a.mjs': `const a = '${'/'}root/x'; const b = "../work/x"; // ${'/'}work/main/lib` })),
  says: [`scripts/a.mjs names ${'/'}root/x`, `scripts/a.mjs names ${'/'}work/main`],
});

rule('every row of the reading of the templates has a test that is named after it', {
  here: () => untestedRows(typeScriptIn(all, 'test', 'app', 'local'), ROWS, ONLY_SEEN_RUNNING),
  bad: () =>
    untestedRows(
      files({
        'test/a.test.ts':
          "test('DT-1: starts', () => {}); test.each([['CARE-4, DT-2: pair', 1]])('%s', () => {}); // DT-3: only a comment",
      }),
      [1, 2, 3, 4, 5],
      { 'DT-1': 'seen running', 'DT-4': 'seen running' },
    ),
  says: ['DT-3 has no test', 'DT-5 has no test', 'DT-1 needs no excuse'],
});
