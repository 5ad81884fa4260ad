import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/** A small library: a base class in another file, a static member, a namespace, a re-export, and what `new` and calls look like. */
const LIBRARY: Record<string, string> = {
  base: 'export class Base { public readonly kind = "base"; }\nexport function shout(text: string) { return `${text}!`; }',
  child:
    'import { Base, shout } from "./base";\nexport { shout as cry } from "./base";\n' +
    'export class Child extends Base { public static readonly FIRST = new Child();\n' +
    '  public make() { return new Base(); }\n  public say() { return shout(this.kind); } }',
  names:
    'import * as path from "node:path";\nexport const join = (path_: string) => [path].map((path) => path.posix.join("a", path_))[0];',
  later: 'import { Child } from "./child";\nexport const later = () => Child.FIRST instanceof Child;',
  where: 'export function where() { throw new Error("here"); }',
};
const INDEX = ['child', 'names', 'later', 'where'].map((name) => `export * from './${name}';`).join('\n');
const EXPORTS = ['Child', 'cry', 'join', 'later', 'where'];

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function write(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** What jsii's compiler makes of a file, with the options that matter here. */
function compiled(sources: Record<string, string>): Record<string, string> {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
  const emit = (text: string) => transpileModule(text, { compilerOptions }).outputText;
  return Object.fromEntries(Object.entries(sources).map(([name, text]) => [`${name}.js`, emit(text)]));
}

function library(sources = LIBRARY, index = INDEX): string {
  const folder = mkdtempSync(join(tmpdir(), 'lazy-'));
  folders.push(folder);
  write(folder, { ...compiled({ ...sources, index }), 'index.d.ts': index });
  return folder;
}

function node(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

const makeLazy = (folder: string) => node(join(__dirname, '..', '..', 'scripts', 'lazy-imports.mjs'), folder);
const run = (folder: string, code: string) => node('-e', `const lib = require(${JSON.stringify(folder)}); ${code}`).output.trim();
const texts = (folder: string) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));

test('the index exports what it exported, the very objects of their files', () => {
  const folder = library();
  const before = run(folder, 'console.log(Object.keys(lib).sort().join())');
  expect(makeLazy(folder)).toEqual({ status: 0, output: '' });
  expect(run(folder, 'console.log(Object.keys(lib).sort().join())')).toBe(before);
  expect(before).toBe(EXPORTS.join());
  expect(run(folder, `console.log(lib.Child === require(${JSON.stringify(join(folder, 'child.js'))}).Child)`)).toBe('true');
});

test('base classes, static members, calls, constructions, namespaces and re-exports work', () => {
  const folder = library();
  makeLazy(folder);
  const code = 'const c = new lib.Child(); console.log(c.say(), c.make().kind, lib.cry("a"), lib.join("b"), lib.later())';
  expect(run(folder, code)).toBe('base! base a! a/b true');
});

test('only what is used is loaded', () => {
  const folder = library();
  makeLazy(folder);
  const loaded = 'console.log(Object.keys(require.cache).map((file) => file.split(/[\\\\/]/).pop()).sort().join())';
  expect(run(folder, loaded)).toBe('index.js');
  expect(run(folder, `lib.later; ${loaded}`)).toBe('index.js,later.js');
  expect(run(folder, `lib.later(); ${loaded}`)).toBe('base.js,child.js,index.js,later.js');
});

test('an ES module imports by name', () => {
  const folder = library();
  makeLazy(folder);
  write(folder, { 'app.mjs': "import { Child, later } from './index.js';\nconsole.log(new Child().say(), later());" });
  expect(node(join(folder, 'app.mjs')).output).toBe('base! true\n');
});

test('doing it twice changes nothing', () => {
  const folder = library();
  makeLazy(folder);
  const once = texts(folder);
  expect(makeLazy(folder).status).toBe(0);
  expect(texts(folder)).toEqual(once);
});

test('a file that is compiled again, with a new export, is found', () => {
  const folder = library();
  makeLazy(folder);
  write(folder, compiled({ where: 'export const where = 1;\nexport const there = 2;' }));
  expect(makeLazy(folder).status).toBe(0);
  expect(run(folder, 'console.log(lib.where, lib.there)')).toBe('1 2');
});

test('lines of errors stay where they were', () => {
  const folder = library({
    ...LIBRARY,
    where: 'import { shout } from "./base";\n\nexport function where() {\n  throw new Error(shout("x"));\n}',
  });
  const place = 'try { lib.where() } catch (error) { console.log(/where.js:(\\d+)/.exec(error.stack)[1]) }';
  const before = run(folder, place);
  makeLazy(folder);
  expect(run(folder, place)).toBe(before);
});

test.each([
  ['index.d.ts has a statement', LIBRARY, 'export { Child } from "./child";'],
  [
    'same is exported by ./one and by ./two',
    { one: 'export const same = 1;', two: 'export const same = 2;' },
    "export * from './one';\nexport * from './two';",
  ],
  ['of 0 exports', { none: 'export {};' }, "export * from './none';"],
])('refuses what it does not know: %s', (message, sources, index) => {
  const { status, output } = makeLazy(library(sources as Record<string, string>, index));
  expect(status).toBe(1);
  expect(output).toContain(message);
});

test('refuses an import that is used other than by its members', () => {
  const folder = library();
  write(folder, { 'where.js': 'const x_1 = require("./base");\nexports.where = x_1;' });
  expect(makeLazy(folder)).toMatchObject({
    status: 1,
    output: expect.stringContaining('where.js: an import is used other than by its members'),
  });
});
