import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/** Returns a statement as JSON for a person who adds it to a policy. What the deployment knows is written as in Fn::Sub: `${AWS::Partition}`. */
export function statementText(scope: IConstruct, statement: PolicyStatement): string {
  return JSON.stringify(readable(Stack.of(scope).resolve(statement.toStatementJson())));
}

function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return textOf(value) ?? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each)]));
}

/** Returns the text of a function of CloudFormation; undefined for another object. */
function textOf(value: object): string | undefined {
  const [[name, argument], ...others] = Object.entries(value) as [string, unknown][];
  if (others.length > 0 || !(name === 'Ref' || name?.startsWith('Fn::'))) return undefined;
  if (name === 'Ref') return `\${${argument as string}}`;
  const parts = [argument].flat() as unknown[];
  if (name === 'Fn::GetAtt') return `\${${parts.join('.')}}`;
  if (name === 'Fn::Join') return (parts[1] as unknown[]).map(readable).join(parts[0] as string);
  return `\${${name}(${parts.map((each) => [readable(each)].flat().join(', ')).join(', ')})}`;
}
