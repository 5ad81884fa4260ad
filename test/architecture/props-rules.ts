import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';

/** The exported interfaces of options, with what they extend; behavioural interfaces are named `IThing`. */
function structsIn(sources: Files): Map<string, { node: ts.InterfaceDeclaration; path: string }> {
  const structs = new Map<string, { node: ts.InterfaceDeclaration; path: string }>();
  eachNode(sources, (node, path) => {
    if (!ts.isInterfaceDeclaration(node) || /^I[A-Z]/.test(node.name.text)) return;
    if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) structs.set(node.name.text, { node, path });
  });
  return structs;
}

type Structs = ReturnType<typeof structsIn>;

function propsOf(structs: Structs, name: string): ts.PropertySignature[] {
  const struct = structs.get(name);
  if (!struct) return [];
  const bases = struct.node.heritageClauses?.flatMap(({ types }) => types.map(({ expression }) => expression.getText())) ?? [];
  return [...struct.node.members.filter(ts.isPropertySignature), ...bases.flatMap((base) => propsOf(structs, base))];
}

/** Interfaces with more than `most` props, inherited ones counted. */
export function longProps(sources: Files, most: number): string[] {
  const structs = structsIn(sources);
  return [...structs]
    .map(([name, { node, path }]) => ({ name, at: place(node, path), count: new Set(namesOf(propsOf(structs, name))).size }))
    .filter(({ count }) => count > most)
    .map(({ name, at, count }) => `${at}: ${name} has ${count} props, ${most} at most`);
}

function namesOf(props: ts.PropertySignature[]): string[] {
  return props.map(({ name }) => name.getText());
}

const TIES = /\b(needs|requires|excludes|only (with|if|where|together)|not (with|together)|instead of|ignored)\b/i;

/** Props of one interface that need or exclude each other, as a sentence of a docstring says. */
export function tiedProps(sources: Files): string[] {
  const structs = structsIn(sources);
  return [...structs.keys()].flatMap((name) => {
    const props = propsOf(structs, name);
    return props.flatMap((prop) => {
      const others = namesOf(props).filter((other) => other !== prop.name.getText());
      const sentences = docOf(prop)
        .split(/[.;:](?=\s|$)/)
        .filter((sentence) => TIES.test(sentence));
      const tied = others.filter((other) => sentences.some((sentence) => sentence.includes(`\`${other}\``)));
      return tied.map((other) => `${name}.${prop.name.getText()} and ${other}`);
    });
  });
}

function docOf(prop: ts.PropertySignature): string {
  const docs = ts.getJSDocCommentsAndTags(prop).map((doc) => doc.getText());
  return docs.join(' ').replace(/\s*\n\s*\*\s*/g, ' ');
}
