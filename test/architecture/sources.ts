import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as ts from 'typescript';

/** Repository path -> text. Rules only ever see this, so that each can be shown a small bad example. */
export type Files = ReadonlyMap<string, string>;

export function files(entries: Record<string, string>): Files {
  return new Map(Object.entries(entries));
}

/** What git does not keep. */
const GENERATED = new Set([
  'node_modules',
  '.git',
  'lib',
  'dist',
  'assets',
  'coverage',
  'cdk.out',
  '.cache',
  'test-reports',
  '.jsii',
]);
const TEXT =
  /\.(ts|mts|cts|js|mjs|cjs|json|md|ya?ml|sh|py|java|go|mod|toml|cfg|txt|html|css|svg|xml|snap)$|(^|\/)(Dockerfile|run|\.npmrc|\.npmignore)$/;

/** Every text file of the repository, without what is generated. */
export function readRepository(root: string): Files {
  const found = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory() && !GENERATED.has(entry.name)) walk(path);
      if (entry.isFile() && TEXT.test(path) && !/^(\.jsii\.tabl|tsconfig)\.json$/.test(path)) {
        found.set(path, readFileSync(join(root, path), 'utf8'));
      }
    }
  };
  walk('');
  return found;
}

/** The TypeScript files under one of `folders`. */
export function typeScriptIn(all: Files, ...folders: string[]): Files {
  return new Map([...all].filter(([path]) => path.endsWith('.ts') && folders.some((folder) => path.startsWith(`${folder}/`))));
}

const parsed = new Map<string, ts.SourceFile>();

export function parse(path: string, text: string): ts.SourceFile {
  const key = `${path}\n${text}`;
  if (!parsed.has(key)) parsed.set(key, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return parsed.get(key)!;
}

/** Calls `visit` for each node of each file. */
export function eachNode(sources: Files, visit: (node: ts.Node, path: string) => void): void {
  for (const [path, text] of sources) {
    const walk = (node: ts.Node): void => {
      visit(node, path);
      ts.forEachChild(node, walk);
    };
    walk(parse(path, text));
  }
}

/** `src/a.ts:12`, where an editor can jump to. */
export function place(node: ts.Node, path: string): string {
  return `${path}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
