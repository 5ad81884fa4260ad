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
  [/ as \w+\.Cfn/, 'a cast, which jsii-rosetta leaves out'],
];

/** Words of Python that jsii-rosetta does not escape; jsii does, with an underscore. */
const KEYWORDS = [
  [/\bas=/g, 'as_='],
  [/\blambda\./g, 'lambda_.'],
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
    writeFileSync(join(folder, file), moduleOf(chosen[i].place, python, names, fixture));
  });
  return { written: chosen.length, left: samples.flatMap((sample) => (reasonOf(sample) ? [`${sample.place}: ${reasonOf(sample)}`] : [])) };
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

function moduleOf(place, python, names, fixture) {
  const escaped = KEYWORDS.reduce((text, [pattern, word]) => text.replace(pattern, word), python);
  const lines = escaped.split('\n');
  const imports = lines.filter((line) => /^(from|import) /.test(line));
  const given = lines.flatMap((line) => /^# (\w+): ([\w.[\]]+)/.exec(line)?.slice(1, 3) ?? []);
  const body = lines.filter((line) => !/^(from|import|#) ?/.test(line)).join('\n');
  const declared = new Map([['self', 'Stack']]);
  for (const [, name, type] of fixture.matchAll(/^declare const (\w+): (\w+)/gm)) declared.set(name, type);
  for (let i = 0; i < given.length; i += 2) declared.set(given[i], given[i + 1].replace(/\[\]\]$/, ']'));
  const variables = [...declared].filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  const text = `${variables.map(([name, type]) => `${name} = cast("${type}", None)`).join('\n')}\n\n${body}`;
  const used = [...names].filter(([name]) => new RegExp(`(?<![\\w.])${name}\\b`).test(text.replace(/^( *)"[^"]*":/gm, '')));
  const ours = imports.flatMap((line) => /^from (\w+) import (.*)$/.exec(line)?.slice(1, 3) ?? [line]);
  const more = ours.length === 2 ? ours[1].split(', ').map((name) => `from ${ours[0]} import ${name}`) : ours;
  const typing = [...(text.includes('List[') ? ['List'] : []), 'cast'].join(', ');
  const all = new Set([`from typing import ${typing}`, ...used.map(([, line]) => line), ...more]);
  return `# ${place}\n${[...all].join('\n')}\n\n${text.trim()}\n`;
}
