import { posix } from 'node:path';
import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';

interface Import {
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly reExport: boolean;
}

/** Imports of files by files, type-only ones included: a type that points the wrong way is a dependency too. */
function importsOf(sources: Files): Import[] {
  const found: Import[] = [];
  eachNode(sources, (node, path) => {
    const specifier = specifierOf(node);
    const to = specifier?.startsWith('.') ? resolve(sources, path, specifier) : undefined;
    if (to) found.push({ from: path, to, at: place(node, path), reExport: ts.isExportDeclaration(node) });
  });
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  const text = (expression?: ts.Node) => (expression && ts.isStringLiteral(expression) ? expression.text : undefined);
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return text(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return text(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return text(node.argument.literal);
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const loads = callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
  return loads ? text(node.arguments[0]) : undefined;
}

/** The file that a relative import means. */
export function resolve(sources: Files, from: string, specifier: string): string | undefined {
  const base = posix.join(posix.dirname(from), specifier).replace(/\.js$/, '');
  return [base, `${base}.ts`, `${base}/index.ts`].find((path) => sources.has(path));
}

function layerOf(path: string): string {
  return path.split('/')[1];
}

/** Each layer of src imports only the layers that its row in projenrc/layers.ts names. */
export function wrongArrows(sources: Files, layers: Record<string, string[]>): string[] {
  const unknown = [...sources.keys()].filter((path) => path !== 'src/index.ts' && !(layerOf(path) in layers));
  const wrong = importsOf(sources).filter(({ from, to }) => {
    if (from === 'src/index.ts' || to === 'src/index.ts' || layerOf(from) === layerOf(to)) return false;
    return !(layers[layerOf(from)] ?? []).includes(layerOf(to));
  });
  return [
    ...unknown.map((path) => `${path} is in no layer of projenrc/layers.ts`),
    ...wrong.map(({ from, to, at }) => `${at}: ${layerOf(from)} must not import ${layerOf(to)} (${to})`),
  ];
}

/** A `private/` folder is read by its own layer only, unless it belongs to a base layer. */
export function sharedPrivates(sources: Files, baseLayers: string[]): string[] {
  return importsOf(sources)
    .filter(({ from, to }) => to.includes('/private/') && layerOf(from) !== layerOf(to) && !baseLayers.includes(layerOf(to)))
    .map(({ to, at }) => `${at}: ${to} is private to ${layerOf(to)}`);
}

/** Code outside `src` reads no `private/` of the library but that of the template reader, so that no second reader is needed. */
export function foreignPrivates(sources: Files): string[] {
  return importsOf(sources)
    .filter(({ from, to }) => !from.startsWith('src/') && /^src\/.*\/private\//.test(to) && !to.startsWith('src/template/'))
    .map(({ to, at }) => `${at}: ${to} is private to the library`);
}

/** Groups of files that import each other, each as one line. */
export function importCycles(sources: Files): string[] {
  const imports = importsOf(sources);
  const next = new Map([...sources.keys()].map((path) => [path, imports.filter(({ from }) => from === path).map(({ to }) => to)]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    state.set(path, 'open');
    for (const to of next.get(path)!) {
      if (state.get(to) === 'open') cycles.push([...trail.slice(trail.indexOf(to)), to].join(' -> '));
      else if (!state.has(to)) visit(to, [...trail, to]);
    }
    state.set(path, 'done');
  };
  for (const path of sources.keys()) if (!state.has(path)) visit(path, [path]);
  return cycles;
}

/** Only src/index.ts re-exports, and nothing in src imports it. */
export function innerBarrels(sources: Files): string[] {
  return importsOf(sources).flatMap(({ from, to, at, reExport }) => [
    ...(reExport && from !== 'src/index.ts' ? [`${at}: only src/index.ts re-exports`] : []),
    ...(to === 'src/index.ts' ? [`${at}: import the file, not the barrel`] : []),
  ]);
}

/** src/index.ts exports every file of src except those in private/ folders, and none of those. */
export function wrongExports(sources: Files): string[] {
  const exported = importsOf(sources)
    .filter(({ from }) => from === 'src/index.ts')
    .map(({ to }) => to);
  const isPrivate = (path: string) => path.includes('/private/');
  const wanted = [...sources.keys()].filter((path) => path !== 'src/index.ts' && !isPrivate(path));
  return [
    ...wanted
      .filter((path) => !exported.includes(path))
      .map((path) => `src/index.ts does not export ${path}; add it or move the file to private/`),
    ...exported.filter(isPrivate).map((path) => `src/index.ts exports ${path}, which is private`),
  ];
}

/** A file of more than `max` lines holds more than one concept. */
export function longFiles(sources: Files, max: number): string[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > max ? [`${path} has ${lines} lines, ${max} at most`] : [];
  });
}

const HIDES_STATE = /^Symbol$|^definePropert(y|ies)$/;
/** A cache of something else is no state of a construct. */
const KEYED_BY_CONSTRUCT = /^Weak(Map|Set)<(I?Construct|Stack|Stage|App|I?Mesh)\b/;

/** What the library knows of a construct is kept by `ConstructState`, under a name of its own. */
export function hiddenState(sources: Files, home: string): string[] {
  const found: string[] = [];
  const names = new Set<string>();
  eachNode(sources, (node, path) => {
    if (path === home) return;
    if (ts.isIdentifier(node) && HIDES_STATE.test(node.text)) {
      found.push(`${place(node, path)}: ${node.text}: keep the state of a construct in a ConstructState`);
    }
    if (ts.isNewExpression(node) && KEYED_BY_CONSTRUCT.test(node.getText().replace('new ', ''))) {
      found.push(`${place(node, path)}: WeakMap: keep the state of a construct in a ConstructState`);
    }
    if (!ts.isNewExpression(node) || node.expression.getText() !== 'ConstructState') return;
    const name = node.arguments?.[0].getText() ?? '';
    if (names.has(name)) found.push(`${place(node, path)}: there is a ConstructState ${name} already`);
    names.add(name);
  });
  return found;
}
