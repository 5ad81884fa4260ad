import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';

/** AWS's own pages say what a thing is or does; they do not begin with a question. */
const QUESTION = /^(what|whether|how|where|when|who|whom|whose|which|why|choices?)\b/i;

/** No summary of a docstring, public or private, begins with a question word. */
export function questioningSummaries(sources: Files): string[] {
  const wrong: string[] = [];
  eachDocstring(sources, (doc, path) => {
    const [word] = QUESTION.exec(textOf(doc)) ?? [];
    if (word) wrong.push(`${place(doc, path)}: say what it is or does, not "${word} ..."`);
  });
  return wrong;
}

const REPOSITORY = 'https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/';

/**
 * Texts that reach users name no file that the package lacks, but its page in the repository: messages and findings of all files, and
 * docstrings of public ones. `all` is the repository with its `.npmignore`.
 */
export function filesThatUsersLack(sources: Files, all: Files): string[] {
  const wrong: string[] = [];
  const isPacked = packed(all.get('.npmignore') ?? '');
  const check = (text: string, at: string): void => {
    for (const [, page] of text.matchAll(new RegExp(`${REPOSITORY}([\\w./-]*\\w)`, 'g'))) {
      if (!all.has(page)) wrong.push(`${at}: the repository has no ${page}`);
    }
    for (const [, file] of text.matchAll(/(?<![\w./:-])([\w-]+(?:\/[\w.-]+)*\/[\w-]+\.\w+)/g)) {
      if (all.has(file) && !isPacked(file)) wrong.push(`${at}: the package has no ${file}; name ${REPOSITORY}${file}`);
    }
  };
  eachNode(sources, (node, path) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && !ts.isImportDeclaration(node.parent)) check(node.text, place(node, path));
  });
  eachDocstring(sources, (doc, path) => {
    if (!path.includes('/private/')) check(doc.getText(), place(doc, path));
  });
  return wrong;
}

/** The folders that `.npmignore` names, as gitignore patterns of whole folders at the root; the last one that matches decides. */
function packed(ignored: string): (file: string) => boolean {
  const rules = ignored.split('\n').flatMap((line) => /^(!?)\/([\w.-]+)\/$/.exec(line) ?? []);
  const folders = new Map<string, boolean>();
  for (let i = 0; i < rules.length; i += 3) folders.set(rules[i + 2], rules[i + 1] === '!');
  return (file) => folders.get(file.split('/')[0]) ?? true;
}

function eachDocstring(sources: Files, visit: (doc: ts.JSDoc, path: string) => void): void {
  const seen = new Set<ts.JSDoc>();
  eachNode(sources, (node, path) => {
    for (const doc of ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)) {
      if (!seen.has(doc)) visit(doc, path);
      seen.add(doc);
    }
  });
}

function textOf(doc: ts.JSDoc): string {
  return (ts.getTextOfJSDocComment(doc.comment) ?? '').trim();
}
