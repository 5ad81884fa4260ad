import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';
import { resolve } from './structure-rules';

/** The functions of src/core/private/errors.ts whose second argument is an id. */
const ERROR_FUNCTIONS = ['validationError', 'requireInteger', 'validateAtSynth', 'warn'];

interface Use {
  readonly id: string;
  readonly path: string;
  readonly at: string;
}

interface Found {
  readonly uses: Use[];
  readonly unreadable: string[];
}

/** Ids that are handed to `functions`, or to functions that pass on their own parameter as the id. */
function idsIn(sources: Files, functions: string[]): Found {
  const calls = collectCalls(sources);
  const takers = new Takers(functions, originsOf(sources));
  for (let known = -1; known !== takers.size;) {
    known = takers.size;
    for (const { node, path } of calls) {
      const taker = takers.find(calleeOf(node), path);
      const wrapper = taker && parameterOf(node, node.arguments[taker.index]);
      if (wrapper) takers.add(path, wrapper);
    }
  }
  const found: Found = { uses: [], unreadable: [] };
  for (const { node, path } of calls) {
    const taker = takers.find(calleeOf(node), path);
    if (!taker || parameterOf(node, node.arguments[taker.index])) continue;
    const ids = literals(node.arguments[taker.index] ?? taker.fallback);
    if (ids.length === 0) found.unreadable.push(`${place(node, path)}: the id must be a string literal`);
    found.uses.push(...ids.map((id) => ({ id, path, at: place(node, path) })));
  }
  return found;
}

/** A function that takes an id as argument `index`, or uses `fallback` without it. */
interface Taker {
  readonly owner: string;
  readonly index: number;
  readonly fallback?: ts.Expression;
}

/** Functions that take an id, and as which argument; two files may have functions of one name. */
class Takers {
  private readonly learnt = new Map<string, Taker>();

  constructor(
    private readonly functions: string[],
    private readonly origins: Map<string, Map<string, string>>,
  ) {}

  get size(): number {
    return this.learnt.size;
  }

  add(path: string, taker: Taker): void {
    this.learnt.set(`${path}#${taker.owner}`, taker);
  }

  find(name: string, path: string): Taker | undefined {
    const origin = this.origins.get(path)!.get(name);
    return (
      this.learnt.get(`${origin}#${name}`) ??
      (origin !== path && this.functions.includes(name) ? { owner: name, index: 1 } : undefined)
    );
  }
}

/** For each file, where the functions that it can call are declared. */
function originsOf(sources: Files): Map<string, Map<string, string>> {
  const origins = new Map([...sources.keys()].map((path) => [path, new Map<string, string>()]));
  eachNode(sources, (node, path) => {
    const known = origins.get(path)!;
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isVariableDeclaration(node)) && node.name) {
      known.set(node.name.getText(), path);
    }
    if (ts.isImportSpecifier(node)) {
      const from = resolve(sources, path, node.parent.parent.parent.moduleSpecifier.getText().slice(1, -1));
      if (from) known.set(node.name.text, from);
    }
  });
  return origins;
}

function collectCalls(sources: Files): { node: ts.CallExpression; path: string }[] {
  const calls: { node: ts.CallExpression; path: string }[] = [];
  eachNode(sources, (node, path) => {
    if (ts.isCallExpression(node) && path !== 'src/core/private/errors.ts') calls.push({ node, path });
  });
  return calls;
}

function calleeOf({ expression }: ts.CallExpression): string {
  return ts.isIdentifier(expression) ? expression.text : ts.isPropertyAccessExpression(expression) ? expression.name.text : '';
}

/** Which parameter of which named function around `node` the expression is. */
function parameterOf(node: ts.Node, expression: ts.Node | undefined): Taker | undefined {
  if (!expression || !ts.isIdentifier(expression)) return undefined;
  for (let around = node.parent; around; around = around.parent) {
    if (!ts.isFunctionLike(around)) continue;
    const index = around.parameters.findIndex((parameter) => parameter.name.getText() === expression.text);
    const named = ts.isVariableDeclaration(around.parent) ? around.parent.name : around.name;
    if (index >= 0 && named) return { owner: named.getText(), index, fallback: around.parameters[index].initializer };
  }
  return undefined;
}

/** The strings that an expression can be: literals, sums and choices of them, and constants of the same file. */
function literals(expression: ts.Expression | undefined): string[] {
  if (!expression) return [];
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isConditionalExpression(expression)) return [...literals(expression.whenTrue), ...literals(expression.whenFalse)];
  if (ts.isTemplateExpression(expression)) {
    return [
      expression.head.text +
        expression.templateSpans.map((span) => `\${${span.expression.getText()}}${span.literal.text}`).join(''),
    ];
  }
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return literals(expression.left).flatMap((left) => literals(expression.right).map((right) => left + right));
  }
  return ts.isIdentifier(expression) ? constantsNamed(expression) : [];
}

function constantsNamed(name: ts.Identifier): string[] {
  const found: string[] = [];
  const walk = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name.text) found.push(...literals(node.initializer));
    ts.forEachChild(node, walk);
  };
  walk(name.getSourceFile());
  return found;
}

/** docs/errors.md has one `### Id` for each id in src, with cause and fix. */
export function wrongErrorList(sources: Files, document: string): string[] {
  const { uses, unreadable } = idsIn(sources, ERROR_FUNCTIONS);
  const sections = document.split(/^### /m).slice(1);
  const listed = sections.map((section) => section.split('\n')[0].trim());
  const missing = uses.filter(({ id }, index) => !listed.includes(id) && uses.findIndex((use) => use.id === id) === index);
  return [
    ...unreadable,
    ...missing.map(({ id, at }) => `${at}: docs/errors.md has no "### ${id}"`),
    ...listed.filter((id) => !uses.some((use) => use.id === id)).map((id) => `docs/errors.md lists ${id}, which is not in src`),
    ...listed.filter((id, index) => listed.indexOf(id) !== index).map((id) => `docs/errors.md lists ${id} twice`),
    ...sections
      .filter((section) => !/^- \*\*Cause:\*\* \S/m.test(section) || !/^- \*\*Fix:\*\* \S/m.test(section))
      .map((section) => `docs/errors.md: ${section.split('\n')[0]} needs a Cause and a Fix`),
  ];
}

/** What acknowledges, and which argument is the id: by itself, or as what an endpoint asks its clients for. */
const ACKNOWLEDGE = new Map([
  ['acknowledge', 1],
  ['acknowledgement', 0],
]);

/** docs/acknowledgements.md has one table row for each acknowledged finding: id, file, and the very reason that the code gives. */
export function wrongAcknowledgements(sources: Files, document: string): string[] {
  const code = new Map([...sources].filter(([path]) => path !== 'src/core/private/acknowledge.ts'));
  const unreadable: string[] = [];
  const used = new Set<string>();
  eachNode(code, (node, path) => {
    const index = ts.isCallExpression(node) ? ACKNOWLEDGE.get(calleeOf(node)) : undefined;
    if (!ts.isCallExpression(node) || index === undefined) return;
    const given = node.arguments[index];
    const ids = ts.isArrayLiteralExpression(given) ? given.elements.map(literals) : [literals(given)];
    const [reason] = literals(node.arguments[index + 1]);
    if (reason && ids.every((id) => id.length === 1)) for (const [id] of ids) used.add(`| \`${id}\` | \`${path}\` | ${reason} |`);
    else unreadable.push(`${place(node, path)}: id and reason must be string literals`);
  });
  const listed = document
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replace(/ +/g, ' ').trim());
  return [
    ...unreadable,
    ...[...used].filter((row) => !listed.includes(row)).map((row) => `docs/acknowledgements.md does not list ${row}`),
    ...listed.filter((row) => !used.has(row)).map((row) => `docs/acknowledgements.md lists what is not in the code: ${row}`),
  ];
}

/** Traps without a test whose title starts with the trap's id, such as `T4: ...` or `T4, T5: ...`. */
export function untestedTraps(tests: Files, traps: number[]): string[] {
  const tested = new Set<number>();
  eachNode(tests, (node) => {
    if (!ts.isCallExpression(node) || node.arguments.length < 2) return;
    const title = node.arguments[0];
    const ids =
      ts.isStringLiteralLike(title) || ts.isTemplateExpression(title) ? /^["'`](T\d+(?:, T\d+)*): /.exec(title.getText()) : null;
    for (const [, id] of ids?.[1].matchAll(/T(\d+)/g) ?? []) tested.add(Number(id));
  });
  return traps.filter((trap) => !tested.has(trap)).map((trap) => `T${trap} has no test`);
}

/** Rows of the reading of the templates that no test names, such as `DT-4: ...` or `CARE-4, DT-5: ...`, and that no list excuses. */
export function untestedRows(tests: Files, rows: number[], excused: Record<string, string>): string[] {
  const tested = new Set<string>();
  eachNode(tests, (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return;
    const [titles = ''] = /^["'`](?:(?:[A-Z]+-\d+|T\d+)(?:, |: ))+/.exec(node.getText()) ?? [];
    for (const [id] of titles.matchAll(/DT-\d+/g)) tested.add(id);
  });
  const ids = rows.map((row) => `DT-${row}`);
  return [
    ...ids.filter((id) => !tested.has(id) && !excused[id]).map((id) => `${id} has no test`),
    ...Object.keys(excused)
      .filter((id) => tested.has(id) || !ids.includes(id))
      .map((id) => `${id} needs no excuse`),
  ];
}
