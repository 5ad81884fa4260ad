import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';

/** Optional props of exported interfaces say what happens without them. Interfaces that classes implement have no defaults. */
export function missingDefaults(sources: Files): string[] {
  const wrong: string[] = [];
  eachNode(sources, (node, path) => {
    if (!ts.isInterfaceDeclaration(node) || !isExported(node) || /^I[A-Z]/.test(node.name.text)) return;
    for (const member of node.members.filter(ts.isPropertySignature).filter((prop) => prop.questionToken)) {
      const text = defaultOf(member);
      const name = `${place(member, path)}: ${node.name.text}.${member.name.getText()}`;
      if (text === undefined) wrong.push(`${name} has no @default`);
      else if (saysNothing(text)) wrong.push(`${name}: \`@default ${text}\` does not say what happens`);
    }
  });
  return wrong;
}

/** `- none` is CDK's way to say that an optional thing is absent; the bare word could be a value. */
function saysNothing(text: string): boolean {
  return /^(none|-|-?\s*(undefined|null|nothing))?\.?$/i.test(text.trim());
}

function defaultOf(member: ts.Node): string | undefined {
  const tag = ts.getJSDocTags(member).find((candidate) => candidate.tagName.text === 'default');
  return tag && (ts.getTextOfJSDocComment(tag.comment) ?? '');
}

/** Every exported declaration and each of its public members starts with a sentence, here or in the interface that it implements. */
export function missingDocs(sources: Files): string[] {
  const wrong: string[] = [];
  const inherited = inheritedMembers(sources);
  const need = (node: ts.Node, path: string, name: string) => {
    if (!summaryOf(node)) wrong.push(`${place(node, path)}: ${name} has no docstring`);
  };
  eachNode(sources, (node, path) => {
    if (!isDocumented(node) || !isExported(node)) return;
    const owner = node.name?.text ?? 'default';
    need(node, path, owner);
    const elsewhere = inherited(node);
    for (const member of node.members) {
      // the parameters of a constructor are documented by its props
      if (ts.isConstructorDeclaration(member) || isHidden(member) || elsewhere.has(member.name?.getText() ?? '')) continue;
      need(member, path, `${owner}.${member.name?.getText() ?? member.getText()}`);
    }
  });
  return wrong;
}

type Documented = ts.ClassDeclaration | ts.InterfaceDeclaration | ts.EnumDeclaration;

function isDocumented(node: ts.Node): node is Documented {
  return ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node);
}

function isExported(node: ts.Declaration): boolean {
  return hasModifier(node, ts.SyntaxKind.ExportKeyword);
}

function hasModifier(node: ts.Node, ...kinds: ts.SyntaxKind[]): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined;
  return modifiers?.some(({ kind }) => kinds.includes(kind)) ?? false;
}

function isHidden(member: ts.Node): boolean {
  const internal = ts.getJSDocTags(member).some((tag) => tag.tagName.text === 'internal');
  return internal || hasModifier(member, ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword);
}

/** Members whose docstring is with the interface that the class implements. */
function inheritedMembers(sources: Files): (node: Documented) => Set<string> {
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  eachNode(sources, (node) => {
    if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, node);
  });
  const membersOf = (name: string): string[] => {
    const found = interfaces.get(name);
    if (!found) return CDK_INTERFACES[name] ?? [];
    return [...found.members.map((member) => member.name?.getText() ?? ''), ...parentsOf(found).flatMap(membersOf)];
  };
  return (node) => new Set(ts.isClassDeclaration(node) ? parentsOf(node).flatMap(membersOf) : []);
}

/** Members that CDK documents. */
const CDK_INTERFACES: Record<string, string[]> = { IConnectable: ['connections'], IGrantable: ['grantPrincipal'] };

function parentsOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): string[] {
  return (node.heritageClauses ?? []).flatMap((clause) => clause.types.map((type) => type.expression.getText()));
}

function summaryOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join('')
    .trim();
}
