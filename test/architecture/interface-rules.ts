import * as ts from 'typescript';
import { eachNode, Files, place } from './sources';

/**
 * Where a class differs from a public interface that it implements in a way that only other languages notice: a parameter of another name, which
 * Python can pass by name, or an optional property that the class does not declare. Type checkers of Python reject such a class.
 */
export function differencesFromInterfaces(sources: Files): string[] {
  const interfaces = new Map<string, ts.InterfaceDeclaration>();
  const classes = new Map<string, ts.ClassDeclaration>();
  eachNode(sources, (node) => {
    if (ts.isInterfaceDeclaration(node) && /^I[A-Z]/.test(node.name.text)) interfaces.set(node.name.text, node);
    if (ts.isClassDeclaration(node) && node.name) classes.set(node.name.text, node);
  });
  const wrong: string[] = [];
  eachNode(sources, (node, path) => {
    if (!ts.isClassDeclaration(node)) return;
    const own = membersOf(node, classes);
    for (const [name, wanted] of interfacesOf(node, interfaces).flatMap((each) => [...namedMembers(each)])) {
      const member = own.get(name);
      if (!member) {
        wrong.push(`${place(node, path)}: ${node.name?.text} does not declare \`${name}\``);
      } else if (parametersOf(member) !== parametersOf(wanted)) {
        wrong.push(`${place(member, path)}: ${name}(${parametersOf(member)}) must be ${name}(${parametersOf(wanted)})`);
      }
    }
  });
  return wrong;
}

function membersOf(node: ts.ClassDeclaration, classes: Map<string, ts.ClassDeclaration>): Map<string, ts.Node> {
  const base = parentsOf(node, ts.SyntaxKind.ExtendsKeyword).flatMap((name) => classes.get(name) ?? []);
  return new Map([...base.flatMap((each) => [...membersOf(each, classes)]), ...namedMembers(node)]);
}

function namedMembers(node: ts.ClassDeclaration | ts.InterfaceDeclaration): Map<string, ts.Node> {
  const members: readonly (ts.ClassElement | ts.TypeElement)[] = node.members;
  const constructors = members.filter(ts.isConstructorDeclaration);
  const properties = constructors.flatMap(({ parameters }) => parameters.filter((each) => ts.getModifiers(each)?.length));
  return new Map([...members, ...properties].flatMap((each) => (each.name ? [[each.name.getText(), each] as const] : [])));
}

function interfacesOf(
  node: ts.ClassDeclaration | ts.InterfaceDeclaration,
  known: Map<string, ts.InterfaceDeclaration>,
): ts.InterfaceDeclaration[] {
  const kind = ts.isClassDeclaration(node) ? ts.SyntaxKind.ImplementsKeyword : ts.SyntaxKind.ExtendsKeyword;
  const direct = parentsOf(node, kind).flatMap((name) => known.get(name) ?? []);
  return direct.flatMap((each) => [each, ...interfacesOf(each, known)]);
}

function parentsOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration, token: ts.SyntaxKind): string[] {
  const clauses = (node.heritageClauses ?? []).filter((clause) => clause.token === token);
  return clauses.flatMap((clause) => clause.types.map(({ expression }) => expression.getText()));
}

function parametersOf(node: ts.Node): string {
  const isMethod = ts.isMethodDeclaration(node) || ts.isMethodSignature(node);
  return isMethod ? node.parameters.map(({ name }) => name.getText()).join(', ') : '';
}
