/**
 * The samples of the README, the docs and the docstrings as Python modules, for its type checkers: translated by jsii-rosetta, with the
 * imports that the page leaves out and a variable for everything that a sample only declares.
 */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './install.mjs';

/** What has no translation, and why. */
const NOT_TRANSLATED = [
  [/^test\(/m, 'a test of Jest'],
  [/\bimplements IEndpoint\b/, 'an endpoint of its own, which examples/python has in Python'],
  [/\bimplements IPropertyInjector\b/, 'an injector, which spreads the props that it gets: rosetta has no words for that'],
  [/ as \w+\.Cfn/, 'a cast, which jsii-rosetta leaves out'],
];

/** Where jsii-rosetta writes another name than jsii: words of Python, which jsii gives an underscore, units, and constants with numbers. */
const NAMES = [
  [/\bas=/g, 'as_='],
  [/\blambda\./g, 'lambda_.'],
  [/\.with\(/g, '.with_('],
  [/_mi_b\b/g, '_mib'],
  [/\bCANARY_10PERCENT_5MINUTES\b/g, 'CANARY_10_PERCENT_5_MINUTES'],
];

/** Writes a module for each sample into `folder`, and returns how many, and those that are left out. */
export function writePythonSamples(library, folder) {
  const samples = [...pageSamples(), ...docstringSamples(library)];
  const reasonOf = ({ code }) => NOT_TRANSLATED.find(([pattern]) => pattern.test(code))?.[1];
  const chosen = samples.filter((sample) => !reasonOf(sample));
  mkdirSync(folder, { recursive: true });
  const fixture = readFileSync(join(root, 'rosetta', 'default.ts-fixture'), 'utf8');
  const names = importsOf(fixture);
  translate(library, folder, fixture, chosen).forEach((python, i) => {
    const file = `${chosen[i].place.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase()}.py`;
    writeFileSync(join(folder, file), moduleOf(chosen[i], python, names, fixture));
  });
  return {
    written: chosen.length,
    left: samples.flatMap((sample) => (reasonOf(sample) ? [`${sample.place}: ${reasonOf(sample)}`] : [])),
  };
}

function pageSamples() {
  const pages = (folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((name) => name.endsWith('.md') && !/node_modules|cdk\.out/.test(name))
      .map((name) => join(folder, name));
  return ['README.md', ...pages('docs'), ...pages('examples')].flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
      place: `${file}:${text.slice(0, match.index).split('\n').length}`,
      code: match[1],
    }));
  });
}

function docstringSamples(library) {
  const { types } = JSON.parse(readFileSync(join(library, '.jsii'), 'utf8'));
  return Object.values(types).flatMap(({ fqn, docs, methods = [], properties = [], members = [] }) =>
    [{ docs }, ...methods, ...properties, ...members].flatMap(({ name, docs: own }) =>
      own?.example ? [{ place: name ? `${fqn}.${name}` : fqn, code: `${own.example}\n` }] : [],
    ),
  );
}

/** All samples in one compilation, which has the types of the library and of aws-cdk-lib. */
function translate(library, folder, fixture, samples) {
  const { TargetLanguage, Translator } = createRequire(import.meta.url)('jsii-rosetta');
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of ['aws-cdk-lib', 'cdk-nag', 'constructs', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  symlinkSync(library, join(modules, 'cdk-ecs-mesh'));
  const translator = new Translator(true);
  const snippets = samples.map((sample) => ({
    visibleSource: sample.code,
    completeSource: inFixture(sample, fixture),
    location: { api: { api: 'file', fileName: sample.place }, field: { field: 'example' } },
    parameters: { $directory: folder },
    strict: true,
  }));
  const before = process.cwd();
  process.chdir(folder); // jsii-rosetta resolves modules from here
  try {
    const translated = translator.translateSnippets(snippets, [TargetLanguage.PYTHON]);
    const errors = translator.diagnostics.filter(({ isError }) => isError).map(({ formattedMessage }) => formattedMessage);
    if (errors.length > 0) throw new Error(errors.join(''));
    return translated.map((snippet) => snippet.get(TargetLanguage.PYTHON).source);
  } finally {
    process.chdir(before);
  }
}

/** The sample where the fixture wants it: declarations and imports before the class, statements in it. */
function inFixture({ code }, fixture) {
  const isOutside = (line) => /^(declare|import) /.test(line);
  const lines = code.split('\n');
  const own = [...code.matchAll(/^declare const (\w+)/gm)].map(([, name]) => name);
  const shown = (part) => `/// !show\n${part.join('\n')}\n/// !hide\n`;
  return own
    .reduce((text, name) => text.replace(new RegExp(`^declare const ${name}:.*$`, 'm'), ''), fixture)
    .replace('class Fixture', () => `${shown(lines.filter(isOutside))}class Fixture`)
    .replace('/// here', () => shown(lines.filter((line) => !isOutside(line))))
    .concat('\nexport {};\n');
}

/** The names that the fixture imports, and the Python import of each. */
function importsOf(fixture) {
  const python = (module) => module.replace('aws-cdk-lib', 'aws_cdk').replace(/[/]/g, '.').replace(/-/g, '_');
  const names = new Map();
  for (const [, name, module] of fixture.matchAll(/^import \* as (\w+) from '([^']+)'/gm)) {
    const alias = name === 'lambda' ? 'lambda_' : name;
    names.set(alias, `import ${python(module)} as ${alias}`);
  }
  for (const [, list, module] of fixture.matchAll(/^import \{([^}]*)\} from '([^']+)'/gm))
    for (const name of list.match(/\w+/g)) names.set(name, `from ${python(module)} import ${name}`);
  return names;
}

function moduleOf({ place, code }, python, names, fixture) {
  const lines = NAMES.reduce((text, [pattern, name]) => text.replace(pattern, name), python).split('\n');
  const body = lines.flatMap((line) => (/^(from|import|#) ?/.test(line) ? [] : [...assertions(code, line), line])).join('\n');
  const declared = new Map([['self', 'Stack']]);
  for (const [, name, type] of fixture.matchAll(/^declare const (\w+): (\w+)/gm)) declared.set(name, type);
  for (const line of lines) {
    const [, name, type] = /^# (\w+): ([\w.[\]]+)/.exec(line) ?? [];
    if (name) declared.set(name, type.replace('[]]', ']'));
  }
  const words = new Set(withoutTexts(body).match(/(?<![\w.])\w+/g));
  const variables = [...declared].filter(([name]) => words.has(name));
  for (const [, type] of variables) for (const word of type.match(/(?<![\w.])\w+/g)) words.add(word);
  const structs = lines.flatMap((line) => /^from cdk_ecs_mesh import (.*)$/.exec(line)?.[1].split(', ') ?? []);
  const imports = new Set([
    ...(variables.length > 0 ? [`from typing import ${words.has('List') ? 'List, ' : ''}cast`] : []),
    ...[...names].filter(([name]) => words.has(name)).map(([, line]) => line),
    ...structs.map((name) => `from cdk_ecs_mesh import ${name}`),
    ...lines.filter((line) => line.startsWith('import ')),
  ]);
  const given = variables.map(([name, type]) => `${name} = cast("${type}", None)`);
  return `# ${place}\n${[...imports, '', ...given].join('\n')}\n${body}\n`;
}

/** What `!` says in TypeScript, which jsii-rosetta leaves out. */
function assertions(code, line) {
  const asserted = [...code.matchAll(/([\w.]+)!\./g)].map(([, name]) => name);
  return asserted.filter((name) => line.startsWith(`${name}.`)).map((name) => `assert ${name} is not None`);
}

/** Python without what its strings and comments say. */
function withoutTexts(python) {
  return python.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/#.*$/gm, '');
}
