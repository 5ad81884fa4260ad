import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';

const root = join(__dirname, '..', '..');
const FIXTURE = readFileSync(join(root, 'rosetta', 'default.ts-fixture'), 'utf8');

interface Sample {
  /** File and line of the fence. */
  readonly place: string;
  readonly code: string;
}

/** Every fenced block of TypeScript in a text. */
function samplesIn(file: string, text: string): Sample[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    place: `${file}:${text.slice(0, match.index).split('\n').length}`,
    code: match[1],
  }));
}

/** The sample where the fixture wants it: statements in the constructor of a stack, imports and declarations before it. */
function inFixture({ code }: Sample): string {
  const { statements } = ts.createSourceFile('sample.ts', code, ts.ScriptTarget.ES2022, true);
  const isOutside = (node: ts.Statement): boolean =>
    ts.isImportDeclaration(node) ||
    (ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword));
  const outside = statements.filter(isOutside).map((node) => node.getText());
  const inside = statements.filter((node) => !isOutside(node)).map((node) => node.getText());
  const known = outside.flatMap((text) => /^declare const (\w+)/.exec(text)?.[1] ?? []);
  const fixture = known.reduce((text, name) => text.replace(new RegExp(`^declare const ${name}:.*$`, 'm'), ''), FIXTURE);
  return (
    fixture.replace('class Fixture', `${outside.join('\n')}\nclass Fixture`).replace('/// here', () => inside.join('\n')) +
    '\nexport {};'
  );
}

/** What the compiler says about each sample, all in one program. */
function problems(samples: Sample[]): string[] {
  const sources = new Map(samples.map((sample, i) => [join(root, `sample-${i}.ts`), { sample, text: inFixture(sample) }]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    ignoreDeprecations: '6.0',
    types: ['node', 'jest'],
    paths: { 'cdk-ecs-mesh': [join(root, 'src', 'index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => sources.get(name)?.text ?? readFile.call(host, name);
  host.fileExists = (name) => sources.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const own = sources.get(name);
    return own ? ts.createSourceFile(name, own.text, version, true) : getSourceFile.call(host, name, version, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([name, { sample }]) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${sample.place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

function markdown(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/node_modules|cdk\.out/.test(name))
    .map((name) => join(root, folder, name));
}

const pages = [join(root, 'README.md'), join(root, 'CONTRIBUTING.md'), ...markdown('docs'), ...markdown('examples')];
const samples = pages.flatMap((page) => samplesIn(relative(root, page), readFileSync(page, 'utf8')));

const wrong = samplesIn('wrong.md', 'Text\n\n```ts\ndeclare const mesh: ServiceConnectMesh;\nmesh.addCapacity(1);\n```\n');
const found = problems([...samples, ...wrong]);

test(`the ${samples.length} samples of README, docs and examples compile`, () => {
  expect(samples.length).toBeGreaterThan(20);
  expect(found.filter((line) => !line.startsWith('wrong.md'))).toEqual([]);
});

test('a sample that does not compile is found, with its place', () => {
  expect(found.filter((line) => line.startsWith('wrong.md'))).toEqual([
    "wrong.md:3: Property 'addCapacity' does not exist on type 'ServiceConnectMesh'. Did you mean 'addEc2Capacity'?",
  ]);
});
