/**
 * Writes src/core/private/arguments/: what the public constructors, methods and factories take, as the types of src/ say. The library
 * holds calls from untyped code against it.
 *
 *   npx projen facts:arguments             writes the tables
 *   npx projen facts:arguments --stdout    prints them instead, as one JSON object
 */
import { writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { root } from '../install.mjs';

const FOLDER = join(root, 'src', 'core', 'private', 'arguments');
/** Members that tell one class from another; more of them say nothing more. */
const TELLING_MEMBERS = 3;
/** Members that a construct of an older version of the CDK lacks. */
const NEWER = ['with'];

const program = ts.createProgram([join(root, 'src', 'index.ts')], {
  strict: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node20,
  types: ['node'],
});
const checker = program.getTypeChecker();
const calls = {};
const structs = {};
const instances = {};
const enums = {};
/** The module of each enum of the CDK. */
const cdkEnums = {};

const index = checker.getSymbolAtLocation(program.getSourceFile(join(root, 'src', 'index.ts')));
for (const symbol of checker.getExportsOfModule(index)) visit(symbol);

const tables = { calls, structs, instances, enums, cdkEnums };
if (process.argv.includes('--stdout')) process.stdout.write(JSON.stringify(tables));
else {
  await write(
    'calls',
    'CALLS',
    calls,
    'The parameters of public constructors, factories (`Class.member`) and methods (`Class#member`); those of a method that the CDK calls, which can grow, start with `+`.',
  );
  await write('structs', 'STRUCTS', structs, 'The props of structs; those of the CDK, which can grow, start with `+`.');
  await write('instances', 'INSTANCES', instances, 'Members that each value of a class or an interface has.');
  await write('enums', 'ENUMS', enums, 'The values of enums.');
  await writeCdkEnums();
}

function visit(exported) {
  const declaration = exported.declarations?.[0];
  if (!declaration) return;
  if (ts.isInterfaceDeclaration(declaration) && isStruct(declaration)) typeOf(checker.getTypeAtLocation(declaration));
  if (!ts.isClassDeclaration(declaration)) return;
  for (const member of declaration.members) {
    if (isHidden(member)) continue;
    if (ts.isConstructorDeclaration(member)) {
      if (member.parameters[0]?.name.getText() === 'scope') row(`${exported.name}.new`, member.parameters.slice(2));
    } else if (ts.isMethodDeclaration(member) && !isAbstract(member)) {
      row(`${exported.name}${isStatic(member) ? '.' : '#'}${member.name.getText()}`, member.parameters, isCalledByCdk(declaration, member));
    }
  }
}

function row(name, parameters, grows = false) {
  if (parameters.length === 0 && (grows || name.endsWith('.new'))) return;
  const entries = parameters.map((each) => entry(each.name.getText(), checker.getTypeAtLocation(each), isOptional(each)));
  calls[name] = `${grows ? '+ ' : ''}${entries.join(' ')}`;
}

/** A method of an interface or a class of the CDK, which a newer CDK can call with more. */
function isCalledByCdk(declaration, method) {
  if (isStatic(method)) return false;
  const bases = (declaration.heritageClauses ?? []).flatMap((clause) => clause.types.map((each) => checker.getTypeAtLocation(each)));
  const inherited = bases.map((base) => checker.getPropertyOfType(base, method.name.getText()));
  return inherited.some((member) => member?.declarations?.some((each) => !isOurs(each)));
}

function entry(name, type, optional) {
  return `${name}${optional ? '?' : ''}:${typeOf(type)}`;
}

function isOptional(node) {
  return Boolean(node.questionToken ?? node.initializer ?? node.dotDotDotToken);
}

/** The type as a word of the tables, which then have what the word means. */
function typeOf(given) {
  const type = checker.getNonNullableType(given);
  const { flags } = type;
  if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return 'any';
  if (flags & ts.TypeFlags.EnumLike) return enumOf(type);
  if (flags & ts.TypeFlags.StringLike) return 'string';
  if (flags & ts.TypeFlags.NumberLike) return 'number';
  if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
  if (checker.isArrayType(type)) return `${typeOf(checker.getTypeArguments(type)[0])}[]`;
  const values = checker.getIndexTypeOfType(type, ts.IndexKind.String);
  if (values) return `{${typeOf(values)}}`;
  if (type.getCallSignatures().length > 0) return 'any';
  const symbol = type.aliasSymbol ?? type.symbol;
  const declaration = symbol?.declarations?.[0];
  if (!declaration || !/^[A-Z]\w*$/.test(symbol.name)) return 'any';
  if (symbol.name === 'Date') return 'any';
  if (ts.isInterfaceDeclaration(declaration) && isStruct(declaration)) structOf(symbol.name, type, isOurs(declaration));
  else instanceOf(symbol.name, type);
  return symbol.name;
}

function enumOf(type) {
  const parent =
    type.symbol.flags & ts.SymbolFlags.EnumMember
      ? checker.getSymbolAtLocation(type.symbol.declarations[0].parent.name)
      : type.symbol;
  const declaration = parent.declarations[0];
  const values = declaration.members.map((member) => checker.getConstantValue(member));
  if (isOurs(declaration)) enums[parent.name] = values.join(' ');
  else ofCdk(parent.name, declaration.getSourceFile().fileName);
  return parent.name;
}

/** An enum of the CDK can have more values in a newer version: its values are those of the version that the app has. */
function ofCdk(name, file) {
  const [, folder] = /aws-cdk-lib\/([^/]+)\/lib\//.exec(file);
  const module = folder === 'core' ? 'aws-cdk-lib' : `aws-cdk-lib/${folder}`;
  if (name in enums || (cdkEnums[name] ?? module) !== module) throw new Error(`two enums have the name ${name}`);
  cdkEnums[name] = module;
}

function structOf(name, type, ours) {
  if (name in structs) return;
  structs[name] = '';
  const props = checker.getPropertiesOfType(type).map((prop) => {
    const optional = Boolean(prop.flags & ts.SymbolFlags.Optional);
    return entry(prop.name, checker.getTypeOfSymbol(prop), optional);
  });
  structs[name] = `${ours ? '' : '+ '}${props.join(' ')}`;
}

function instanceOf(name, type) {
  if (name in instances) return;
  const isTelling = (each) => /^_?[a-z]\w*$/i.test(each.name) && !(each.name in {}) && !NEWER.includes(each.name);
  const ours = isOurs(type.symbol.declarations[0]);
  const all = checker.getPropertiesOfType(type).filter((member) => isTelling(member) && isReadable(member));
  const own = all.filter((member) => member.declarations?.some((each) => isWithin(each, type.symbol.declarations[0])));
  const always = (members) => members.filter((member) => !(member.flags & ts.SymbolFlags.Optional));
  const documented = (members) => members.filter((member) => ours || !member.name.startsWith('_'));
  const members = [documented(always(own)), always(own), own, all].find((each) => each.length > 0) ?? [];
  instances[name] = members
    .slice(0, ours ? 2 * TELLING_MEMBERS : TELLING_MEMBERS)
    .map((each) => each.name)
    .join(' ');
}

function isReadable(member) {
  return !member.declarations?.some(
    (each) => ts.getCombinedModifierFlags(each) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected),
  );
}

/** Members of a class can be parameters of its constructor. */
function isWithin(member, declaration) {
  return member.parent === declaration || member.parent.parent === declaration;
}

/** Data: an interface without methods whose name does not start with I. */
function isStruct(declaration) {
  return !/^I[A-Z]/.test(declaration.name.text) && declaration.members.every(ts.isPropertySignature);
}

function isOurs(declaration) {
  return declaration.getSourceFile().fileName.startsWith(join(root, 'src').split(sep).join('/'));
}

function isHidden(member) {
  const modifiers = ts.getCombinedModifierFlags(member);
  if (modifiers & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) return true;
  return ts.getJSDocTags(member).some((tag) => tag.tagName.text === 'internal');
}

function isStatic(member) {
  return Boolean(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static);
}

function isAbstract(member) {
  return Boolean(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Abstract);
}

async function writeCdkEnums() {
  const names = Object.keys(cdkEnums).sort();
  const imports = [...new Set(Object.values(cdkEnums))].sort().map((module) => {
    return `import { ${names.filter((name) => cdkEnums[name] === module).join(', ')} } from '${module}';`;
  });
  await writeFormatted(
    'cdk-enums',
    `${imports.join('\n')}

/** The enums of the CDK, from the version that the app has; each loads when a value is held against it. Written by \`npx projen facts:arguments\`. */
export const CDK_ENUMS: Readonly<Record<string, (() => object) | undefined>> = {
  ${names.map((name) => `${name}: () => ${name},`).join('\n')}
};
`,
  );
}

async function write(file, constant, table, said) {
  const rows = Object.entries(table)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `'${key}': '${value}',`);
  const text = `/** ${said} Written by \`npx projen facts:arguments\`. */
export const ${constant}: Readonly<Record<string, string | undefined>> = {
  ${rows.join('\n')}
};
`;
  await writeFormatted(file, text);
}

async function writeFormatted(file, text) {
  const path = join(FOLDER, `${file}.ts`);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'typescript' }));
}
