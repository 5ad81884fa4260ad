/**
 * Makes the compiled library load what an app uses and nothing else, as the build of aws-cdk-lib does. `npx projen compile` runs it
 * after jsii; why, and what it costs: docs/decisions/0011-loading-on-demand.md.
 *
 *   node scripts/lazy-imports.mjs [folder]     lib/ unless said otherwise
 *
 * - index.js gets a getter for each export, which loads the file that has it. It is written anew from index.d.ts each time.
 * - In every other file `const x_1 = require('y')` becomes a function that loads y when it is first called, and `x_1.Z` becomes
 *   `x_1().Z`. Lines stay where they are. A file that has been through this does not change again.
 *
 * Fails on a form that it does not know, and unless the index has each export of each file, the same object, and no other.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const folder = resolve(process.argv[2] ?? 'lib');
const index = join(folder, 'index.js');
const load = createRequire(index);

for (const name of readdirSync(folder, { recursive: true })) {
  if (name.endsWith('.js') && name !== 'index.js') rewrite(join(folder, name), (text) => lazyImports(name, text));
}
const exported = exportsOf(readFileSync(join(folder, 'index.d.ts'), 'utf8'));
rewrite(index, () => lazyIndex(exported));
verify(load(index), exported);

function rewrite(file, change) {
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  if (after !== before) writeFileSync(file, after);
}

/** The compiled text with each import at its first use. */
function lazyImports(name, text) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.JS);
  const imports = new Map(source.statements.map((statement) => [importedAs(statement), statement]));
  imports.delete(undefined);
  const edits = [...imports].map(([id, statement]) => {
    const [{ initializer }] = statement.declarationList.declarations;
    const lazy = `let ${id}_; const ${id} = () => (${id}_ ??= ${initializer.getText()});`;
    return { start: statement.getStart(), end: statement.end, text: lazy };
  });
  const visit = (node) => {
    if (ts.isIdentifier(node) && imports.has(node.text) && !ts.isVariableDeclaration(node.parent)) {
      if (node.parent.expression !== node || !ts.isPropertyAccessExpression(node.parent))
        throw new Error(`${name}: an import is used other than by its members: ${node.parent.getText()}`);
      edits.push({ start: node.getStart(), end: node.end, text: isConstructed(node) ? `(${node.text}())` : `${node.text}()` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  edits.sort((a, b) => b.start - a.start);
  return edits.reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}

/**
 * The name, if the statement is `const name_1 = require(...)`. TypeScript makes such names unique in their file, so nothing shadows them.
 * Namespaces (`import * as ec2`) keep the name that a person gave them, which a parameter may shadow: they stay as they are.
 */
function importedAs(statement) {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  const isRequire = initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === 'require';
  return isRequire && /_\d+$/.test(name.getText()) ? name.getText() : undefined;
}

/** `new x_1().Z()` would construct what x_1 is, and not Z. */
function isConstructed(id) {
  let node = id;
  while (ts.isPropertyAccessExpression(node.parent)) node = node.parent;
  return ts.isNewExpression(node.parent) && node.parent.expression === node;
}

/** Each name of the index, and the file that has it. */
function exportsOf(declarations) {
  const source = ts.createSourceFile('index.d.ts', declarations, ts.ScriptTarget.ES2023);
  const result = new Map();
  for (const statement of source.statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause || !statement.moduleSpecifier)
      throw new Error("index.d.ts has a statement that is not `export * from './file'`");
    const file = statement.moduleSpecifier.text;
    for (const name of Object.keys(load(file))) {
      if (result.has(name)) throw new Error(`${name} is exported by ${result.get(name)} and by ${file}`);
      result.set(name, file);
    }
  }
  return result;
}

/** `exports.Name = void 0` is for `import { Name }` in an ES module: Node reads the names from the text, and does not see getters. */
function lazyIndex(names) {
  return `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
function lazy(name, load) {
  const get = () => {
    const value = load()[name];
    Object.defineProperty(exports, name, { enumerable: true, value });
    return value;
  };
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get });
}
${[...names].map(([name, file]) => `exports.${name} = void 0;\nlazy("${name}", () => require("${file}"));\n`).join('')}`;
}

function verify(barrel, names) {
  const wrong = [...names].filter(([name, file]) => barrel[name] === undefined || barrel[name] !== load(file)[name]);
  const extra = Object.keys(barrel).filter((name) => !names.has(name));
  if (names.size === 0 || wrong.length > 0 || extra.length > 0)
    throw new Error(
      `of ${names.size} exports, the index has others than their files: ${[...wrong.map(([name]) => name), ...extra]}`,
    );
}
